import type { Exemption } from "../gate/exemption.ts";
import type { EverywhereRecord, Policy } from "../gate/snapshot.ts";

/** What of the configuration takes part in a snapshot. */
export interface SnapshotSettings {
  readonly policy: Policy;
  readonly exemptions: readonly Exemption[];
}

/** The rows of everywhere with the exemptions of the configuration. */
export function withSettings(rows: EverywhereRecord, settings: SnapshotSettings): EverywhereRecord {
  return { ...rows, exemptions: [...rows.exemptions, ...settings.exemptions] };
}
