import fc from "fast-check";

export const minute = 60_000;

/** What one of several owners does, or what the clock does meanwhile. */
export type Step =
  | { readonly kind: "start"; readonly name: string; readonly forMs: number | null; readonly leaseMs: number | null }
  | { readonly kind: "end"; readonly name: string }
  | { readonly kind: "extend"; readonly name: string; readonly byMs: number }
  | { readonly kind: "renew"; readonly name: string }
  | { readonly kind: "switch"; readonly name: string; readonly enabled: boolean }
  | { readonly kind: "pass"; readonly timeMs: number };

const name = fc.constantFrom("deploy", "backup", "upgrade");
const someMinutes = fc.integer({ min: 1, max: 30 }).map((count) => count * minute);

export const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("start" as const),
      name,
      forMs: fc.option(someMinutes),
      leaseMs: fc.option(someMinutes),
    }),
  }, // prettier-ignore
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("end" as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("extend" as const), name, byMs: someMinutes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("renew" as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("switch" as const), name, enabled: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), timeMs: fc.oneof(someMinutes, fc.constant(1)) }),
  }, // prettier-ignore
);

interface Hold {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly leaseMs: number | null;
  readonly leaseEnd: number;
  readonly enabled: boolean;
}

/** What should come of it, told in the simplest way: a hold closes until the earlier of its end and its lease's. */
export interface Model {
  readonly now: number;
  readonly holds: readonly Hold[];
}

export function isClosed({ holds }: Model, at: number): boolean {
  return holds.some((hold) => hold.enabled && at < hold.end && at < hold.leaseEnd);
}

/** Site and name identify a running period: two of them never run at once. */
export function isRefused({ now, holds }: Model, step: Step): boolean {
  const isRunning = (hold: Hold) => hold.enabled && now < hold.end && now < hold.leaseEnd;
  return step.kind === "switch" && step.enabled && holds.some((hold) => hold.name === step.name && isRunning(hold));
}

export function advance(model: Model, step: Step): Model {
  const { now } = model;
  const isCurrent = (hold: Hold) => now < hold.end && now < hold.leaseEnd;
  const isOn = (hold: Hold) => hold.enabled;
  const change = (isMeant: (hold: Hold) => boolean, to: (hold: Hold) => Hold): Model => ({
    ...model,
    holds: model.holds.map((hold) =>
      hold.name === ("name" in step ? step.name : "") && isCurrent(hold) && isMeant(hold) ? to(hold) : hold,
    ),
  });
  switch (step.kind) {
    case "pass":
      return { ...model, now: now + step.timeMs };
    case "start": {
      const end = step.forMs === null ? Number.POSITIVE_INFINITY : now + step.forMs;
      const leaseEnd = step.leaseMs === null ? Number.POSITIVE_INFINITY : now + step.leaseMs;
      if (model.holds.some((hold) => hold.name === step.name && isCurrent(hold) && isOn(hold))) {
        return change(isOn, (hold) => closedLonger(hold, { end, leaseMs: step.leaseMs, leaseEnd }));
      }
      const started: Hold = { name: step.name, start: now, end, leaseMs: step.leaseMs, leaseEnd, enabled: true };
      return { ...model, holds: [...model.holds, started] };
    }
    case "end":
      return change(
        isOn,
        // A period is never empty.
        (hold) => ({ ...hold, end: Math.max(now, hold.start + 1) }),
      );
    case "extend":
      return change(isOn, (hold) => ({ ...hold, end: hold.end + step.byMs }));
    case "renew":
      return change(
        (hold) => hold.enabled && hold.leaseMs !== null,
        (hold) => ({ ...hold, leaseEnd: Math.max(hold.leaseEnd, now + (hold.leaseMs ?? 0)) }),
      );
    case "switch": {
      if (!step.enabled) return change(isOn, (hold) => ({ ...hold, enabled: false }));
      const off = model.holds.find((hold) => hold.name === step.name && isCurrent(hold) && !hold.enabled);
      return isRefused(model, step)
        ? model
        : change(
            (hold) => hold === off,
            (hold) => ({ ...hold, enabled: true }),
          );
    }
  }
}

type Lasting = Pick<Hold, "end" | "leaseMs" | "leaseEnd">;

/** Closed for as long as either of the two would close it; whatever nobody needs to renew stays so. */
function closedLonger(hold: Hold, asked: Lasting): Hold {
  if (hold.leaseMs === null && hold.end >= asked.end) return hold;
  if (asked.leaseMs === null && asked.end >= hold.end) return { ...hold, ...asked };
  const isRenewal = hold.leaseMs !== null && asked.end === Number.POSITIVE_INFINITY;
  const until = (each: Lasting) => (each.leaseMs === null ? each.end : each.leaseEnd);
  return {
    ...hold,
    end: isRenewal ? hold.end : Math.max(hold.end, asked.end),
    leaseMs: asked.leaseMs ?? hold.leaseMs,
    leaseEnd: Math.max(until(hold), until(asked)),
  };
}
