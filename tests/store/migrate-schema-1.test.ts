/**
 * A database that the last program of schema 1 has made (commit d3a288c, under a clock of the 20th of November 2026):
 * corpora/schema-1.sqlite is what its `lull backup` wrote after `site set|add|alias|remove`, `exempt add|remove`,
 * `setmaintenance on shop.example`, `downtime_start --site '*.blog.example' --for 2h --name move`, `downtime_start` and
 * `downtime_end --name short`, and `period add|disable|remove`: periods that run, are past, are planned, are disabled.
 * corpora/schema-1-verdicts.jsonl is what its `decide` said of ten visits at nine instants.
 */
import { describe, expect, test } from "bun:test";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beginHold } from "../../src/actions/hold.ts";
import { parseTrust } from "../../src/gate/client-ip.ts";
import { decide } from "../../src/gate/decide.ts";
import { plainPeriod } from "../../src/gate/period.ts";
import type { Verdict } from "../../src/gate/verdict.ts";
import { readVisit } from "../../src/gate/visit.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { migrate, migrations, schemaState } from "../../src/store/migrate.ts";
import { readPeriods } from "../../src/store/periods.ts";
import { readSnapshot } from "../../src/store/snapshot.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { context, newest, now, optionsFor, refusalOf } from "./store-fixture.ts";
import { eventually, settings, testThread } from "./thread-fixture.ts";

const corpus = (name: string) => join(import.meta.dir, "corpora", name);

/** What the program of schema 1 knew. */
const knownThen = migrations.slice(0, 1);
const tables = ["site", "site_alias", "period", "exemption", "audit", "sidecar"];

interface OldDatabase extends AsyncDisposable {
  readonly folder: TemporaryFolder;
  readonly database: Database;
}

async function oldDatabase(): Promise<OldDatabase> {
  const folder = temporaryFolder();
  copyFileSync(corpus("schema-1.sqlite"), folder.file("lull.db"));
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

/** Every row of every table that schema 1 had, with the columns that it had unless others are named. */
async function rowsOf(database: Database, columns: ReadonlyMap<string, readonly string[]> = new Map()) {
  const rows = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
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

interface RecordedVerdict {
  readonly at: string;
  readonly host: string;
  readonly target: string;
  readonly method: string;
  readonly client: string;
}

const recorded: readonly RecordedVerdict[] = readFileSync(corpus("schema-1-verdicts.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

function told(verdict: Verdict) {
  const { kind, why } = verdict;
  const said = { kind, why, site: verdict.site?.id ?? null };
  if (verdict.kind === "open") return { ...said, exemption: verdict.exemption };
  const { chain, period, opensAt } = verdict;
  return { ...said, chain: chain.map(({ id }) => id), period: period?.id ?? null, opensAt };
}

async function verdictsOf(database: Database) {
  const snapshots = new Map<string, Awaited<ReturnType<typeof readSnapshot>>>();
  const verdicts: unknown[] = [];
  for (const { at, host, target, method, client } of recorded) {
    const instant = Date.parse(at);
    const read = snapshots.get(at) ?? (await readSnapshot(database, settings, { now: instant }));
    snapshots.set(at, read);
    const raw = { site: null, host, target, method, addressHeader: null } as const;
    const visit = readVisit({ ...raw, peer: { kind: "ip", address: client } }, parseTrust([]));
    verdicts.push({ at, host, target, method, client, ...told(decide(read.snapshot, visit, instant)) });
  }
  return verdicts;
}

describe("a database of schema 1", () => {
  test("keeps every row, and what it had no column for says nothing", async () => {
    await using old = await oldDatabase();
    const before = await rowsOf(old.database);
    expect([...before].map(([table, rows]) => [table, rows.length])).toEqual([
      ["site", 3],
      ["site_alias", 2],
      ["period", 6],
      ["exemption", 4],
      ["audit", 23],
      ["sidecar", 0],
    ]);
    const columns = new Map(
      [...before].map(([table, rows]) => [table, rows[0] === undefined ? ["*"] : Object.keys(rows[0])]),
    );
    await migrate(old.database, now);
    expect(await rowsOf(old.database, columns)).toEqual(before);
    const periods = await readPeriods(old.database.orm);
    expect(periods.map(({ name }) => name)).toEqual(["maintenance", "move", "short", "calm", "night", "after"]);
    for (const period of periods) expect(period).toMatchObject(plainPeriod);
  });

  test("keeps its revision and its identity, and is of the newest schema", async () => {
    await using old = await oldDatabase();
    expect(await schemaState(old.database)).toEqual({ kind: "older", version: 1 });
    const meta = async () => ({ ...(await old.database.client.execute("SELECT * FROM meta")).rows[0] });
    const before = await meta();
    await migrate(old.database, now);
    expect(await meta()).toEqual({ ...before, schema_version: newest, readable_from: 2 });
    expect(before).toMatchObject({ schema_version: 1, revision: 24, readable_from: 1 });
    expect(await schemaState(old.database)).toEqual({ kind: "current", version: newest });
  });

  test("gives every verdict that it gave", async () => {
    await using old = await oldDatabase();
    await migrate(old.database, now);
    expect(await verdictsOf(old.database)).toEqual([...recorded]);
    expect(recorded.length).toBe(90);
  });

  test("is copied aside as it was, and the program that made it can go on with the copy", async () => {
    await using old = await oldDatabase();
    const before = await rowsOf(old.database);
    const copy = `${old.database.path}.schema-1.20261120T090000000Z.${process.pid}`;
    expect(await migrate(old.database, now)).toEqual({ from: 1, to: newest, copy });
    const aside = await openDatabase(optionsFor(copy));
    expect(await schemaState(aside, knownThen)).toEqual({ kind: "current", version: 1 });
    expect(await rowsOf(aside)).toEqual(before);
    await aside.close();
    expect(await migrate(old.database, now)).toEqual({ from: newest, to: newest, copy: null });
    expect(readdirSync(old.folder.path).filter((name) => name.includes("schema")).length).toBe(1);
  });

  test("is refused afterwards by the program that made it, which cannot know what leases and recurrences close", async () => {
    await using old = await oldDatabase();
    await migrate(old.database, now);
    expect(await refusalOf(schemaState(old.database, knownThen))).toBe(
      `unreachable: database ${old.database.path}: its schema ${newest} can be read from version 2 on, and this program knows 1; install the newer lull`,
    );
  });

  test("takes changes of today's kind", async () => {
    await using old = await oldDatabase();
    await migrate(old.database, now);
    const held = {
      sites: null,
      name: "deploy",
      end: null,
      mode: "full",
      whenShorter: "keep",
      leaseMs: 60_000,
    } as const;
    const { result, revision } = await beginHold(old.database, context(), held);
    expect([result[0]?.period.id, result[0]?.period.leaseEnd, revision]).toEqual([8, now + 60_000, 25]);
  });

  test("is brought up to date by the sidecar that follows it, and answers", async () => {
    await using old = await oldDatabase();
    await using one = testThread(old.database.path);
    await eventually(
      () => one.snapshots.length,
      (length) => length === 1,
    );
    expect([one.snapshot.revision, one.snapshot.sites.size, one.faults]).toEqual([24, 3, []]);
    expect(await schemaState(old.database)).toEqual({ kind: "current", version: newest });
  });
});
