import type { Sidecar } from "../store/sidecars.ts";
import { formatInstant } from "../time/instant.ts";

/** A sidecar: where it is, what it serves, since when it is silent. */
export function describeSidecar(sidecar: Sidecar, timezone: string, seen: "silent since" | "last seen"): string {
  const { hostname, processId, instance, listen, revision, seenAt } = sidecar;
  return `${hostname} process ${processId} on ${listen} (instance ${instance}), ${seen} ${formatInstant(seenAt, timezone)}, serves revision ${revision}`;
}
