import { join } from "node:path";
import { needProgram } from "./debian.ts";
import type { RecurrenceCase } from "./recurrence-cases.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const SCRIPT = join(import.meta.dir, "recurrence-oracle.py");

export interface ChangesRequest {
  readonly ask: "changes";
  /** Seconds since 1970. */
  readonly since: number;
  readonly until: number;
  readonly zones: readonly string[];
}

export type OracleRequest =
  | { readonly ask: "zones" }
  | ChangesRequest
  | ({ readonly ask: "occurrences" } & RecurrenceCase);

/** The answers in the order of the requests, as the JSON in which they come. The oracle is a process of its own. */
export async function askOracle(requests: Iterable<OracleRequest>): Promise<readonly string[]> {
  const python = await needProgram("dateutil");
  if (python === null) throw new Error('python3-dateutil is missing: skip this test, see needProgram("dateutil")');
  await using folder = temporaryFolder();
  const [asked, answered] = [Bun.file(folder.file("requests")), Bun.file(folder.file("answers"))];
  await Bun.write(asked, [...requests].map((request) => `${JSON.stringify(request)}\n`).join(""));
  const child = Bun.spawn([python, SCRIPT], { stdin: asked, stdout: answered, stderr: "pipe" });
  const [code, errors] = await Promise.all([child.exited, child.stderr.text()]);
  if (code !== 0) throw new Error(`the oracle ended with ${code}: ${errors}`);
  return (await answered.text()).trimEnd().split("\n");
}
