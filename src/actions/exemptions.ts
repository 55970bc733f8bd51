import { LullError } from "../gate/error.ts";
import { canonicalExemption, type ExemptionKind } from "../gate/exemption.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import {
  deleteExemption,
  insertExemption,
  readExemption,
  type StoredExemption,
  selectExemptions,
} from "../store/exemptions.ts";
import { requirePresent } from "./find-sites.ts";
import { utc } from "./period-refusals.ts";

export interface ExemptionRequest {
  /** null: one exemption that holds on all sites. */
  readonly sites: readonly Site[] | null;
  readonly kind: ExemptionKind;
  readonly value: string;
  readonly description: string;
  /** null: never. */
  readonly expires: InstantMs | null;
}

/** Lets something pass while closed. What is there already stays as it is. Refuses (LullError) what could never match, or would match everything. */
export async function addExemption(
  database: Database,
  context: ChangeContext,
  request: ExemptionRequest,
): Promise<Changed<readonly StoredExemption[]>> {
  const { sites, kind, description, expires } = request;
  const value = canonicalExemption(kind, request.value);
  return change(database, context, async (step) => {
    if (expires !== null && expires <= step.now) {
      throw new LullError("refused", `the exemption would have expired already: ${utc(expires)} is past`);
    }
    const siteIds = await requirePresent(step.queries, sites);
    const present = (await selectExemptions(step.queries)).filter(
      (other) => other.kind === kind && other.value === value && other.expires === expires,
    );
    const result: StoredExemption[] = [];
    for (const siteId of siteIds) {
      const same = present.find((other) => other.siteId === siteId);
      if (same !== undefined) {
        result.push(same);
        continue;
      }
      const added = await insertExemption(step.queries, { siteId, kind, value, description, expires });
      await step.record({ action: "exemption.add", siteId, after: added });
      result.push(added);
    }
    return result;
  });
}

/** Removes an exemption by its number; the audit keeps it. */
export async function removeExemption(
  database: Database,
  context: ChangeContext,
  id: number,
): Promise<Changed<StoredExemption>> {
  return change(database, context, async (step) => {
    const before = await readExemption(step.queries, id);
    if (before === undefined)
      throw new LullError("refused", `no exemption ${id}; "lull exempt list" shows those that there are`);
    await deleteExemption(step.queries, id);
    await step.record({ action: "exemption.remove", siteId: before.siteId, before });
    return before;
  });
}
