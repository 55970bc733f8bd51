/**
 * A database that the last program of schema 1 has made (commit d3a288c, under a clock of the 20th of November 2026):
 * corpora/schema-1.sqlite is what its `lull backup` wrote after `site set|add|alias|remove`, `exempt add|remove`,
 * `setmaintenance on shop.example`, `downtime_start --site '*.blog.example' --for 2h --name move`, `downtime_start` and
 * `downtime_end --name short`, and `period add|disable|remove`: periods that run, are past, are planned, are disabled.
 * corpora/schema-1-verdicts.jsonl is what its `decide` said of ten visits at nine instants.
 */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { beginHold } from "../../src/actions/hold.ts";
import { plainPeriod } from "../../src/gate/period.ts";
import { openDatabase } from "../../src/store/database.ts";
import { migrate, migrations, schemaState } from "../../src/store/migrate.ts";
import { readPeriods } from "../../src/store/periods.ts";
import { columnsOf, olderDatabase, recordedVerdicts, rowsOf, verdictsOf } from "./older-database.ts";
import { context, newest, now, optionsFor, refusalOf } from "./store-fixture.ts";
import { eventually, testThread } from "./thread-fixture.ts";

const oldDatabase = () => olderDatabase("schema-1");
const recorded = recordedVerdicts("schema-1");

/** What the program of schema 1 knew. */
const knownThen = migrations.slice(0, 1);
const tables = ["site", "site_alias", "period", "exemption", "audit", "sidecar"];

describe("a database of schema 1", () => {
  test("keeps every row, and what it had no column for says nothing", async () => {
    await using old = await oldDatabase();
    const before = await rowsOf(old.database, tables);
    expect([...before].map(([table, rows]) => [table, rows.length])).toEqual([
      ["site", 3],
      ["site_alias", 2],
      ["period", 6],
      ["exemption", 4],
      ["audit", 23],
      ["sidecar", 0],
    ]);
    await migrate(old.database, now);
    expect(await rowsOf(old.database, tables, columnsOf(before))).toEqual(before);
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
    expect(await verdictsOf(old.database, recorded)).toEqual([...recorded]);
    expect(recorded.length).toBe(90);
  });

  test("is copied aside as it was, and the program that made it can go on with the copy", async () => {
    await using old = await oldDatabase();
    const before = await rowsOf(old.database, tables);
    const copy = `${old.database.path}.schema-1.20261120T090000000Z.${process.pid}`;
    expect(await migrate(old.database, now)).toEqual({ from: 1, to: newest, copy });
    const aside = await openDatabase(optionsFor(copy));
    expect(await schemaState(aside, knownThen)).toEqual({ kind: "current", version: 1 });
    expect(await rowsOf(aside, tables)).toEqual(before);
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
