import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { noCredentials } from "../../src/gate/bypass.ts";
import { parseTrust } from "../../src/gate/client-ip.ts";
import { decide } from "../../src/gate/decide.ts";
import type { Verdict } from "../../src/gate/verdict.ts";
import { readVisit } from "../../src/gate/visit.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { readSnapshot } from "../../src/store/snapshot.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { optionsFor } from "./store-fixture.ts";
import { settings } from "./thread-fixture.ts";

/** A copy of a database that an older program has made, in a folder of its own. */
export interface OlderDatabase extends AsyncDisposable {
  readonly folder: TemporaryFolder;
  readonly database: Database;
}

/** `corpora/schema-1.sqlite` is the database `schema-1`. */
export async function olderDatabase(name: string): Promise<OlderDatabase> {
  const folder = temporaryFolder();
  copyFileSync(corpus(`${name}.sqlite`), folder.file("lull.db"));
  const database = await openDatabase(optionsFor(folder.file("lull.db")));
  return {
    folder,
    database,
    async [Symbol.asyncDispose]() {
      await database.close();
      await folder.remove();
    },
  };
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Every row of these tables, with all columns unless others are named. */
export async function rowsOf(
  database: Database,
  tables: readonly string[],
  columns: ReadonlyMap<string, readonly string[]> = new Map(),
): Promise<ReadonlyMap<string, Rows>> {
  const rows = new Map<string, Rows>();
  for (const table of tables) {
    const chosen = columns.get(table)?.join(", ") ?? "*";
    const result = await database.client.execute(`SELECT ${chosen} FROM ${table} ORDER BY 1`);
    rows.set(
      table,
      result.rows.map((row) => Object.fromEntries(result.columns.map((name) => [name, row[name]]))),
    );
  }
  return rows;
}

/** The columns that rows have, by table. */
export function columnsOf(rows: ReadonlyMap<string, Rows>): ReadonlyMap<string, readonly string[]> {
  return new Map([...rows].map(([table, [first]]) => [table, first === undefined ? ["*"] : Object.keys(first)]));
}

interface RecordedVerdict {
  readonly at: string;
  readonly host: string;
  readonly target: string;
  readonly method: string;
  readonly client: string;
  /** The header, when the visit had one. */
  readonly cookie?: string;
  /** Likewise: of a bypass. */
  readonly token?: string;
  readonly why: string;
}

/** What the older program said of visits: `corpora/schema-1-verdicts.jsonl`. */
export function recordedVerdicts(name: string): readonly RecordedVerdict[] {
  return readFileSync(corpus(`${name}-verdicts.jsonl`), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** What today's program says of the same visits, in the same form. */
export async function verdictsOf(
  database: Database,
  recorded: readonly RecordedVerdict[],
): Promise<readonly unknown[]> {
  const snapshots = new Map<string, Awaited<ReturnType<typeof readSnapshot>>>();
  const verdicts: unknown[] = [];
  for (const { at, host, target, method, client, cookie, token } of recorded) {
    const instant = Date.parse(at);
    const read = snapshots.get(at) ?? (await readSnapshot(database, settings, { now: instant }));
    snapshots.set(at, read);
    const credentials = { ...noCredentials, cookie: cookie ?? null, token: token ?? null };
    const raw = { site: null, host, target, method, addressHeader: null, credentials } as const;
    const visit = readVisit({ ...raw, peer: { kind: "ip", address: client } }, parseTrust([]));
    const asked = { at, host, target, method, client, cookie, token };
    verdicts.push({ ...asked, ...told(decide(read.snapshot, visit, instant)) });
  }
  return verdicts;
}

function told(verdict: Verdict) {
  const { kind, why } = verdict;
  const said = { kind, why, site: verdict.site?.id ?? null };
  if (verdict.kind === "open") return { ...said, exemption: verdict.exemption };
  const { chain, period, opensAt } = verdict;
  return { ...said, chain: chain.map(({ id }) => id), period: period?.id ?? null, opensAt };
}

function corpus(name: string): string {
  return join(import.meta.dir, "corpora", name);
}
