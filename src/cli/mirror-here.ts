import { loadPages } from "../answer/pages.ts";
import { createTimeWriter } from "../answer/time-writer.ts";
import type { Config } from "../config/keys.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import { stillPage } from "../http/still-page.ts";
import { machineIdentity } from "../http/takeover.ts";
import { commandInstance, readWritten } from "../mirror/scribe.ts";
import { isLivingScribe, writeMirrorOnce } from "../mirror/write-once.ts";
import type { Database } from "../store/database.ts";
import { isAlive } from "../store/registration.ts";
import { tryTemplateApart } from "../template-trials.ts";
import { snapshotOf } from "./session.ts";

/** What became of this machine's mirror: there is none or somebody else keeps it, it was written, or why it was not. */
export type Mirrored =
  | { readonly kind: "not-ours" }
  | { readonly kind: "written" }
  | { readonly kind: "failed"; readonly fault: string };

/**
 * Writes the mirror of this machine in place of a sidecar that does not run here, so that a proxy which reads it opens
 * and closes all the same. Throws LullError for what is wrong with the database.
 */
export async function mirrorHere(database: Database, config: Config, now: InstantMs): Promise<Mirrored> {
  const root = config.mirror;
  const scribe = { instance: commandInstance, pid: process.pid, machine: machineIdentity(), startedAt: now };
  if (root === "") return { kind: "not-ours" };
  const before = await readWritten(root);
  if (isLivingScribe(before, { ...scribe, isAlive })) return { kind: "not-ours" };
  const { snapshot } = await snapshotOf(database, config, { now });
  const { templates, maintenance503Template, timezone, staffUrl, retryAfterSeconds } = config;
  const writeTime = createTimeWriter(timezone);
  const tryTemplate = tryTemplateApart({ timezone, staffUrl });
  const onFault = () => {};
  const pages = await loadPages({ templates, maintenance503Template, writeTime, staffUrl, tryTemplate, onFault });
  try {
    const renderPage = (held: Parameters<typeof stillPage>[1]) => stillPage({ pages, retryAfterSeconds }, held);
    const extent = await writeMirrorOnce(snapshot, { root, renderPage, isAlive, scribe, now, before });
    return { kind: extent === "written" ? "written" : "not-ours" };
  } catch (error) {
    if (!(error instanceof LullError)) throw error;
    return { kind: "failed", fault: error.message };
  }
}
