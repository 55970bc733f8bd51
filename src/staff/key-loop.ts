import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { KeyPace, KeySource } from "./key-source.ts";
import type { VerifyingKeys } from "./verifying-keys.ts";

/** Keys as they were read last, and what was told of it. */
export interface HeldKeys {
  /** Of their source. */
  readonly identity: string;
  /** What they were made of; null: nothing was ever read. */
  readonly bytes: Uint8Array | null;
  readonly keys: VerifyingKeys | null;
  readonly readAt: InstantMs;
  /** Whether something can be verified with them. */
  readonly isUsable: boolean;
  /** The fault that was told and is not over. */
  readonly told: string | null;
}

export interface KeyLoopMeans {
  readonly now: () => InstantMs;
  /** One line; once, until it is another or over. */
  readonly onFault: (fault: string) => void;
  readonly onRecovered: () => void;
  /** What somebody else holds, which goes on when it comes from the same source. */
  readonly former: HeldKeys | null;
  /** The source's own unless given. */
  readonly pace?: KeyPace;
}

/** Looks after keys beside everything else, from its start on. */
export interface KeyLoop {
  readonly held: HeldKeys;
  /** Resolves when the source was looked at for the first time, whatever it gave. */
  readonly tried: Promise<void>;
  /** Those that count at a time; null: there are none, or they were last seen too long ago. */
  keysAt(now: InstantMs): VerifyingKeys | null;
  /** Somebody has shown a token of another key. Costs nothing, however often it is called. */
  askSooner(): void;
  stop(): void;
}

/** Who cannot be asked whether a key was withdrawn is believed for so long. */
const longestAgeMs = 24 * 60 * 60 * 1000;

export function startKeyLoop(source: KeySource, means: KeyLoopMeans): KeyLoop {
  const { former, now } = means;
  const pace = means.pace ?? source.pace;
  const tried = Promise.withResolvers<void>();
  const stopping = new AbortController();
  const nothing: HeldKeys = {
    identity: source.identity,
    bytes: null,
    keys: null,
    readAt: 0,
    isUsable: false,
    told: null,
  };
  let held = former?.identity === source.identity ? former : nothing;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let dueAtMs = 0;
  let lookedAtMs = 0;

  function keysAt(at: InstantMs): VerifyingKeys | null {
    return at - held.readAt <= longestAgeMs ? held.keys : null;
  }

  async function look(): Promise<void> {
    timer = null;
    lookedAtMs = performance.now();
    try {
      const bytes = await source.load(stopping.signal);
      if (stopping.signal.aborted) return;
      take(bytes);
      failures = 0;
    } catch (error) {
      if (stopping.signal.aborted) return;
      failures += 1;
      tell(error instanceof LullError ? error.message : `cannot be read: ${String(error)}`);
    }
    tried.resolve();
    const retryMs = pace.retryFirstMs * 2 ** Math.min(failures - 1, 20);
    schedule(failures === 0 ? pace.refreshMs : Math.min(retryMs, pace.retryMostMs));
  }

  function take(bytes: Uint8Array): void {
    // The same ones stay as they are: they are ready for use.
    if (held.bytes !== null && held.told === null && Buffer.compare(held.bytes, bytes) === 0) {
      held = { ...held, readAt: now() };
      return;
    }
    const { keys, fault } = source.read(bytes);
    held = { ...held, bytes, keys, readAt: now(), isUsable: fault === null };
    if (fault !== null) tell(fault);
    else if (held.told !== null) {
      held = { ...held, told: null };
      means.onRecovered();
    }
  }

  function tell(fault: string): void {
    const told = `${source.name} ${fault}; ${meanwhile()}`;
    if (told === held.told) return;
    held = { ...held, told };
    means.onFault(told);
  }

  function meanwhile(): string {
    if (held.keys === null) return "nobody is staff by a token meanwhile";
    if (!held.isUsable) return "it holds no usable key, so nobody is staff by a token";
    const ends = new Date(held.readAt + longestAgeMs).toISOString();
    return keysAt(now()) === null
      ? "its keys were last seen too long ago to count"
      : `its last keys count until ${ends}`;
  }

  function schedule(inMs: number): void {
    if (timer !== null) clearTimeout(timer);
    dueAtMs = performance.now() + inMs;
    timer = setTimeout(() => void look(), inMs);
    // Nothing to live for.
    timer.unref();
  }

  void look();
  return {
    get held() {
      return held;
    },
    tried: tried.promise,
    keysAt,
    askSooner() {
      const allowedAtMs = lookedAtMs + pace.leastMs;
      if (timer !== null && allowedAtMs < dueAtMs) schedule(Math.max(0, allowedAtMs - performance.now()));
    },
    stop() {
      stopping.abort();
      if (timer !== null) clearTimeout(timer);
      timer = null;
      tried.resolve();
    },
  };
}
