import { requireSites } from "../actions/find-sites.ts";
import type { Site } from "../gate/site.ts";
import type { Database } from "../store/database.ts";
import { readSites } from "../store/sites.ts";
import type { Given } from "./arguments.ts";

/** The sites that `--site` names; null: it was not given, and all are meant. Throws LullError. */
export async function chosenSites(given: Given, { orm }: Database): Promise<readonly Site[] | null> {
  const names = given.list("site");
  return names.length === 0 ? null : requireSites(await readSites(orm), names);
}
