/**
 * A database that the last program of schema 2 has made (commit af74917, under a clock of the 20th of November 2026):
 * corpora/schema-2.sqlite is what its `lull backup` wrote after `site set|add|alias|remove`, `exempt add`,
 * `readonly add|remove`, `setmaintenance on|off`, `downtime_start --lease --expect`, `period add|extend|disable|cancel`,
 * and `recurrence add|disable|skip|move`: periods that run, are past, are planned, are disabled, and four rules.
 * corpora/schema-2-verdicts.jsonl is what its `decide` said of ten visits at nine instants.
 */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { setSite } from "../../src/actions/sites.ts";
import { openDatabase } from "../../src/store/database.ts";
import { migrate, migrations, schemaState } from "../../src/store/migrate.ts";
import { readSites } from "../../src/store/sites.ts";
import { columnsOf, olderDatabase, recordedVerdicts, rowsOf, verdictsOf } from "./older-database.ts";
import { context, newest, now, optionsFor, refusalOf } from "./store-fixture.ts";
import { eventually, testThread } from "./thread-fixture.ts";

const recorded = recordedVerdicts("schema-2");

/** What the program of schema 2 knew. */
const knownThen = migrations.slice(0, 2);
const tables = [
  "site",
  "site_alias",
  "period",
  "recurrence",
  "occurrence",
  "readonly_rule",
  "exemption",
  "audit",
  "sidecar",
];

describe("a database of schema 2", () => {
  test("keeps every row, sends nobody elsewhere, and lets no other origin in", async () => {
    await using old = await olderDatabase("schema-2");
    const before = await rowsOf(old.database, tables);
    expect([...before].map(([table, rows]) => [table, rows.length])).toEqual([
      ["site", 3],
      ["site_alias", 2],
      ["period", 5],
      ["recurrence", 4],
      ["occurrence", 2],
      ["readonly_rule", 2],
      ["exemption", 4],
      ["audit", 34],
      ["sidecar", 0],
    ]);
    await migrate(old.database, now);
    expect(await rowsOf(old.database, tables, columnsOf(before))).toEqual(before);
    const sites = await readSites(old.database.orm);
    expect(sites.map(({ domain }) => domain)).toEqual(["*", "shop.example", "*.blog.example"]);
    for (const site of sites) expect(site).toMatchObject({ redirectUrl: "", origins: [] });
  });

  test("keeps its revision and its identity, and is of the newest schema", async () => {
    await using old = await olderDatabase("schema-2");
    expect(await schemaState(old.database)).toEqual({ kind: "older", version: 2 });
    const meta = async () => ({ ...(await old.database.client.execute("SELECT * FROM meta")).rows[0] });
    const before = await meta();
    await migrate(old.database, now);
    expect(await meta()).toEqual({ ...before, schema_version: newest });
    expect(before).toMatchObject({ schema_version: 2, revision: 35, readable_from: 2 });
    expect(await schemaState(old.database)).toEqual({ kind: "current", version: newest });
  });

  test("gives every verdict that it gave", async () => {
    await using old = await olderDatabase("schema-2");
    await migrate(old.database, now);
    expect(await verdictsOf(old.database, recorded)).toEqual([...recorded]);
    expect(recorded.length).toBe(90);
  });

  test("is copied aside as it was, and the program that made it can go on with the copy", async () => {
    await using old = await olderDatabase("schema-2");
    const before = await rowsOf(old.database, tables);
    const copy = `${old.database.path}.schema-2.20261120T090000000Z.${process.pid}`;
    expect(await migrate(old.database, now)).toEqual({ from: 2, to: newest, copy });
    const aside = await openDatabase(optionsFor(copy));
    expect(await schemaState(aside, knownThen)).toEqual({ kind: "current", version: 2 });
    expect(await rowsOf(aside, tables)).toEqual(before);
    await aside.close();
    expect(await migrate(old.database, now)).toEqual({ from: newest, to: newest, copy: null });
    expect(readdirSync(old.folder.path).filter((name) => name.includes("schema")).length).toBe(1);
  });

  test("is still read afterwards by the program that made it, which knows all that opens and closes, and not changed", async () => {
    await using old = await olderDatabase("schema-2");
    await migrate(old.database, now);
    expect(await schemaState(old.database, knownThen)).toEqual({ kind: "newer-readable", version: newest });
    expect(await refusalOf(migrate(old.database, now, knownThen))).toBe(
      `unreachable: database ${old.database.path}: its schema ${newest} was made by a newer lull, and this one, which knows 2, only reads it; install the newer lull to change something`,
    );
  });

  test("takes changes of today's kind", async () => {
    await using old = await olderDatabase("schema-2");
    await migrate(old.database, now);
    const redirectUrl = "https://status.example/";
    const { result, revision } = await setSite(old.database, context(), { site: "2", redirectUrl, consent: "ask" });
    expect([result.redirectUrl, revision]).toEqual([redirectUrl, 36]);
  });

  test("is brought up to date by the sidecar that follows it, and answers", async () => {
    await using old = await olderDatabase("schema-2");
    await using one = testThread(old.database.path);
    await eventually(
      () => one.snapshots.length,
      (length) => length === 1,
    );
    expect([one.snapshot.revision, one.snapshot.sites.size, one.faults]).toEqual([35, 3, []]);
    expect(await schemaState(old.database)).toEqual({ kind: "current", version: newest });
  });
});
