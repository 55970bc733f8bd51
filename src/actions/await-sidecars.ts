import type { Database } from "../store/database.ts";
import { databaseFault } from "../store/fault.ts";
import { readSidecars, type Sidecar } from "../store/sidecars.ts";

/** Whether what was written is what visitors get. */
export type Reached =
  /** Every registered sidecar serves the revision. */
  | { readonly kind: "served"; readonly sidecars: readonly Sidecar[] }
  /** No sidecar is registered. */
  | { readonly kind: "no-sidecar" }
  /** These registered sidecars do not serve the revision. */
  | { readonly kind: "late"; readonly late: readonly Sidecar[]; readonly sidecars: readonly Sidecar[] };

const askEveryMs = 5;

/** Waits until every registered sidecar serves the revision, for `timeoutMs` at most; 0 asks once. Throws LullError. */
export async function awaitSidecars(database: Database, revision: number, timeoutMs: number): Promise<Reached> {
  const deadline = performance.now() + timeoutMs;
  try {
    for (;;) {
      const sidecars = await readSidecars(database.orm);
      if (sidecars.length === 0) return { kind: "no-sidecar" };
      const late = sidecars.filter((sidecar) => sidecar.revision < revision);
      if (late.length === 0) return { kind: "served", sidecars };
      if (performance.now() >= deadline) return { kind: "late", late, sidecars };
      await Bun.sleep(askEveryMs);
    }
  } catch (error) {
    throw databaseFault(error, database.path);
  }
}
