import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Served } from "./registration.ts";

/** Clocks that are kept by NTP differ by less. */
const toldFromMs = 1_000;

export interface PlacedRevision {
  readonly revision: number;
  /** The latest instant at which any of what was read was changed; null: nothing was. */
  readonly changedAt: InstantMs | null;
  /** Whether all was read, and not only what has changed. */
  readonly fresh: boolean;
}

export interface Acknowledged {
  readonly served: Served;
  /** The clock is so far behind that somebody must correct it; null: it is not. The same one for as long as it lasts. */
  readonly lag: LullError | null;
}

/**
 * Whether the files from which proxies answer without the sidecar hold what the snapshot in place says: always
 * (`in-step`: there are none), not, or from one instant up to another one, when time changes something of it.
 */
export type MirrorState = "in-step" | "behind" | { readonly from: InstantMs; readonly until: InstantMs };

/**
 * What a sidecar may say that it serves. For a clock that is behind that of who closed a site, the period has not begun:
 * visitors get in although the snapshot is in place. So they do where a proxy reads a mirror that is behind, and asks
 * nobody. Until both are there, what was said before stays said.
 */
export interface Acknowledgement {
  place(placed: PlacedRevision): void;
  /** `now` by the sidecar's own clock; `rollCall` is the last one that was heard. */
  look(now: InstantMs, rollCall: number, mirror?: MirrorState): Acknowledged;
}

export function createAcknowledgement(): Acknowledgement {
  let placed = 0;
  let inEffectAt: InstantMs = 0;
  let served: Served = { revision: 0, rollCall: 0 };
  let lag: LullError | null = null;

  return {
    place({ revision, changedAt, fresh }) {
      placed = revision;
      inEffectAt = Math.max(fresh ? 0 : inEffectAt, changedAt ?? 0);
      // What was said of another content says nothing of this one.
      if (fresh) served = { revision: 0, rollCall: 0 };
      lag = null;
    },
    look(now, rollCall, mirror = "in-step") {
      const behindMs = inEffectAt - now;
      if (behindMs <= 0) {
        if (holdsAt(mirror, now)) served = { revision: placed, rollCall };
        lag = null;
      } else if (behindMs > toldFromMs) lag ??= describeLag(behindMs);
      return { served, lag };
    },
  };
}

/** A mirror that was written before a period began says that the site is open, until the clock is followed. */
function holdsAt(mirror: MirrorState, now: InstantMs): boolean {
  if (mirror === "in-step" || mirror === "behind") return mirror === "in-step";
  return mirror.from <= now && now < mirror.until;
}

function describeLag(behindMs: number): LullError {
  const seconds = Math.ceil(behindMs / 1_000);
  return new LullError(
    "unreachable",
    `the clock of this machine is ${seconds} s behind that of who made the last change, and until it gets there commands are not told that the change is served; correct the clocks (NTP)`,
  );
}
