import { type Bypass, hashOfToken } from "../gate/bypass.ts";
import type { InstantMs } from "../gate/period.ts";
import { staffEntryOf } from "../gate/staff-entry.ts";
import type { Standing } from "../gate/standing.ts";
import { randomSecret, signingKey } from "./bypass-keys.ts";
import { auditedBypass, insertBypass, selectBypasses } from "./bypasses.ts";
import { change } from "./change.ts";
import type { Database } from "./database.ts";

/** How long one bypass serves all who come in as that. */
const longestMs = 30 * 24 * 60 * 60 * 1_000;

/** Sees to it that there is a bypass by which staff come in. Rejects (LullError) when the database cannot be used. */
export type AdmitStaff = (standing: Standing) => Promise<Bypass>;

/**
 * One bypass for all who come in as that, on all sites: to revoke it throws all of them out, and no login writes
 * anything. It has no link: nobody knows its token. Throws LullError when the database cannot be used.
 */
export async function admitStaff(database: Database, standing: Standing, now: InstantMs): Promise<Bypass> {
  const context = { actor: "staff probe", now, clock: () => now, reason: "", dryRun: false };
  const { result } = await change(database, context, async (step) => {
    const key = await signingKey(step);
    const known = staffEntryOf(await selectBypasses(step.queries, { expiresAfter: now }), standing, now);
    if (known !== null) return known;
    const wanted = {
      siteId: null,
      label: standing === "staff" ? "staff probe" : "superuser probe",
      expires: now + longestMs,
      path: "/",
      isSingleUse: false,
      mayBeInsecure: false,
      tokenHash: hashOfToken(randomSecret()),
      redeemed: null,
      standing,
    };
    const bypass = await insertBypass(step.queries, wanted, key.id);
    await step.record({ action: "bypass.create", siteId: null, after: auditedBypass(bypass) });
    return bypass;
  });
  return result;
}
