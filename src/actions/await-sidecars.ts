import type { Database } from "../store/database.ts";
import { databaseFault } from "../store/fault.ts";
import { callRoll } from "../store/meta.ts";
import { readSidecars, type Sidecar } from "../store/sidecars.ts";

/** Whether what was written is what visitors get. */
export type Reached =
  /** Every registered sidecar serves the revision. */
  | { readonly kind: "served"; readonly sidecars: readonly Sidecar[] }
  /** No sidecar is registered. */
  | { readonly kind: "no-sidecar" }
  /** These registered sidecars do not serve the revision, or did not answer. */
  | { readonly kind: "late"; readonly late: readonly Sidecar[]; readonly sidecars: readonly Sidecar[] };

const askEveryMs = 5;

export interface Awaited {
  readonly revision: number;
  /** Whether the revision is new. An old one was served by a sidecar that may have died since: it must answer a roll call. */
  readonly changed: boolean;
}

/** Waits until every registered sidecar serves the revision, for `timeoutMs` at most; 0 looks once. Throws LullError. */
export async function awaitSidecars(database: Database, awaited: Awaited, timeoutMs: number): Promise<Reached> {
  const deadline = performance.now() + timeoutMs;
  try {
    if ((await readSidecars(database.orm)).length === 0) return { kind: "no-sidecar" };
    const rollCall = awaited.changed || timeoutMs === 0 ? 0 : await callRoll(database.orm);
    for (;;) {
      const sidecars = await readSidecars(database.orm);
      if (sidecars.length === 0) return { kind: "no-sidecar" };
      const late = sidecars.filter((sidecar) => sidecar.revision < awaited.revision || sidecar.rollCall < rollCall);
      if (late.length === 0) return { kind: "served", sidecars };
      if (performance.now() >= deadline) return { kind: "late", late, sidecars };
      await Bun.sleep(askEveryMs);
    }
  } catch (error) {
    throw databaseFault(error, database.path);
  }
}
