import { expect, test } from "bun:test";
import { type Flags, flagSteps, isFlagName } from "../../src/mirror/flags.ts";

const states = {
  open: { closed: new Set(), readonly: new Set() },
  readonly: { closed: new Set(["7"]), readonly: new Set(["7"]) },
  closed: { closed: new Set(["7"]), readonly: new Set() },
} satisfies Record<string, Flags>;

/** How much a proxy lets in that looks for `closed` first, and for `readonly` then: 0 nothing, 1 what reads, 2 all. */
function openness({ closed, readonly }: Flags): number {
  if (!closed.has("7")) return 2;
  return readonly.has("7") ? 1 : 0;
}

const names = ["open", "readonly", "closed"] as const;
const ways = names.flatMap((from) => names.map((to) => [`from ${from} to ${to}`, states[from], states[to]] as const));

test.each(ways)("%s no step lets in more than before or after, and the last leads there", (_sentence, from, to) => {
  const now = { closed: new Set(from.closed), readonly: new Set(from.readonly) };
  const most = Math.max(openness(from), openness(to));
  for (const { kind, change, names } of flagSteps(from, to)) {
    for (const name of names) {
      if (change === "raise") now[kind].add(name);
      else now[kind].delete(name);
      expect(openness(now)).toBeLessThanOrEqual(most);
    }
  }
  expect(now).toEqual({ closed: new Set(to.closed), readonly: new Set(to.readonly) });
});

test("opening lowers closed before readonly, and read-only is said before that it is closed", () => {
  expect(flagSteps(states.readonly, states.open).map(({ kind }) => kind)).toEqual(["closed", "readonly"]);
  expect(flagSteps(states.open, states.readonly).map(({ kind }) => kind)).toEqual(["readonly", "closed"]);
});

test.each([
  ["a number", "12", true],
  ["the flag of strangers", "unknown", true],
  ["no number of ours: it begins with 0", "012", false],
  ["a number and more", "12.bak", false],
  ["somebody's file", "README", false],
  ["a hidden one", ".keep", false],
])("%s", (_sentence, name, isOurs) => {
  expect(isFlagName(name)).toBe(isOurs);
});
