import { LullError } from "../gate/error.ts";
import type { Database } from "../store/database.ts";
import { deleteSidecar, readSidecars, type Sidecar } from "../store/sidecars.ts";

/** Takes a sidecar that is gone for good off the list. Operational: no revision, no audit; one that lives registers again. Throws LullError. */
export async function forgetSidecar(database: Database, instance: string): Promise<Sidecar> {
  const sidecar = (await readSidecars(database.orm)).find((row) => row.instance === instance);
  if (sidecar === undefined)
    throw new LullError("refused", `no sidecar ${instance}; "lull sidecar list" shows those that there are`);
  await deleteSidecar(database.orm, instance);
  return sidecar;
}
