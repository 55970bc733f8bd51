import { type BypassRequest, type CreatedBypass, createBypass } from "../../src/actions/bypasses.ts";
import type { Database } from "../../src/store/database.ts";
import { context, hour, now } from "./store-fixture.ts";

/** On all sites, for an hour. */
export function bypassRequest(change: Partial<BypassRequest> = {}): BypassRequest {
  const wanted = { label: "QA", path: "/", isSingleUse: false, mayBeInsecure: false, longestMs: null };
  return { sites: null, expires: now + hour, ...wanted, ...change };
}

/** Makes one, and gives it with its token. */
export async function makeBypass(database: Database, change: Partial<BypassRequest> = {}): Promise<CreatedBypass> {
  const { result } = await createBypass(database, context(), bypassRequest(change));
  const [created] = result;
  if (created === undefined) throw new Error("no bypass was made");
  return created;
}
