import type { InstantMs } from "../gate/period.ts";
import { renewEveryMs } from "../store/registration.ts";
import type { Sidecar } from "../store/sidecars.ts";
import { formatInstant } from "../time/instant.ts";

/** Three times in which it should have said that it lives. */
const silentAfterMs = 3 * renewEveryMs;

/** Whether a sidecar has not been heard of for so long that it may be dead. */
export function isSilent(sidecar: Sidecar, now: InstantMs): boolean {
  return now - sidecar.seenAt > silentAfterMs;
}

/** What is said where sites are closed in the database, and for nobody. */
export const noSidecar =
  'no sidecar is registered, so nothing is closed: start one ("lull serve"), or add --offline if that is meant';

/** `1 of 2 sidecars`. */
export function countOf(late: readonly Sidecar[], all: readonly Sidecar[]): string {
  return `${late.length} of ${all.length} ${all.length === 1 ? "sidecar" : "sidecars"}`;
}

/** A sidecar: where it is, what it serves, since when it is silent. */
export function describeSidecar(sidecar: Sidecar, timezone: string, seen: "silent since" | "last seen"): string {
  return describe(sidecar, `${seen} ${formatInstant(sidecar.seenAt, timezone)}`);
}

/** The same for a look at it, without a change that it should serve. */
export function describeSeen(sidecar: Sidecar, timezone: string, now: InstantMs): string {
  if (!isSilent(sidecar, now)) return describeSidecar(sidecar, timezone, "last seen");
  return describe(sidecar, `silent since ${formatInstant(sidecar.seenAt, timezone)}, it may be dead`);
}

function describe({ hostname, processId, instance, listen, revision }: Sidecar, seen: string): string {
  return `${hostname} process ${processId} on ${listen} (instance ${instance}), ${seen}, serves revision ${revision}`;
}
