import type { InstantMs, Period } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import type { AskedSite } from "./upcoming.ts";

export type BodyKind = "json" | "calendar";

/** A body as it is made, and what it tells of. */
export interface MadeBody {
  readonly text: string;
  readonly periods: readonly Period[];
}

interface KeptBody {
  /** Of which a response takes no copy. */
  readonly body: Blob;
  /** While it is what would be made again, but for stamps. */
  readonly from: InstantMs;
  readonly until: InstantMs;
}

/** In the order in which they were made. */
interface KeptBodies {
  readonly bodies: Map<string, KeptBody>;
  bytes: number;
}

const longestKeptMs = 5_000;
const mostKept = 200;
const mostKeptBytes = 8 * 1024 * 1024;

/**
 * Visitors ask as often as they please, on the thread that answers checks: a body is made once in five seconds, and
 * again whenever something begins or ends.
 */
const keptOf = new WeakMap<Snapshot, KeptBodies>();

/** The body of this kind for this site, in UTF-8: kept, or made now. */
export function keptBody({ snapshot, site, now }: AskedSite, kind: BodyKind, make: () => MadeBody): Blob {
  const kept = keptOf.get(snapshot) ?? { bodies: new Map<string, KeptBody>(), bytes: 0 };
  keptOf.set(snapshot, kept);
  const key = `${kind} ${site.id}`;
  const known = kept.bodies.get(key);
  if (known !== undefined && known.from <= now && now < known.until) return known.body;
  drop(kept, key);
  const { text, periods } = make();
  const body = new Blob([text]);
  kept.bodies.set(key, { body, from: now, until: Math.min(now + longestKeptMs, changesAt(periods, now)) });
  kept.bytes += body.size;
  for (const oldest of kept.bodies.keys()) {
    if (kept.bodies.size <= mostKept && kept.bytes <= mostKeptBytes) break;
    drop(kept, oldest);
  }
  return body;
}

function drop(kept: KeptBodies, key: string): void {
  kept.bytes -= kept.bodies.get(key)?.body.size ?? 0;
  kept.bodies.delete(key);
}

/** When the first of them begins or ends, or is not over as was expected; Infinity: never. */
function changesAt(periods: readonly Period[], now: InstantMs): InstantMs {
  let first = Number.POSITIVE_INFINITY;
  for (const { start, end, expectedEnd, leaseEnd } of periods) {
    for (const instant of [start, end, expectedEnd, leaseEnd]) {
      if (instant !== null && instant > now && instant < first) first = instant;
    }
  }
  return first;
}
