/**
 * A database that the last program of schema 3 has made (commit f52ee65, under a clock of the 20th of November 2026):
 * corpora/schema-3.sqlite is what its `lull backup` wrote after `site set|add|alias|remove` with redirects and origins,
 * `exempt add`, `readonly add`, `setmaintenance on|off`, `downtime_start --lease --expect`, `downtime_end`,
 * `period add|disable`, and `recurrence add|skip`: periods that run, are past, are planned, are disabled, and two rules.
 * corpora/schema-3-verdicts.jsonl is what its `decide` said of ten visits at nine instants.
 */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { createBypass } from "../../src/actions/bypasses.ts";
import { selectBypasses, selectBypassKeys } from "../../src/store/bypasses.ts";
import { openDatabase } from "../../src/store/database.ts";
import { migrate, migrations, schemaState } from "../../src/store/migrate.ts";
import { readSites } from "../../src/store/sites.ts";
import { olderDatabase, recordedVerdicts, rowsOf, verdictsOf } from "./older-database.ts";
import { context, hour, newest, now, optionsFor, refusalOf } from "./store-fixture.ts";
import { eventually, testThread } from "./thread-fixture.ts";

const recorded = recordedVerdicts("schema-3");

/** What the program of schema 3 knew. */
const knownThen = migrations.slice(0, 3);
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

describe("a database of schema 3", () => {
  test("keeps every row, and has no bypass and no key", async () => {
    await using old = await olderDatabase("schema-3");
    const before = await rowsOf(old.database, tables);
    expect([...before].map(([table, rows]) => [table, rows.length])).toEqual([
      ["site", 3],
      ["site_alias", 2],
      ["period", 5],
      ["recurrence", 2],
      ["occurrence", 1],
      ["readonly_rule", 2],
      ["exemption", 4],
      ["audit", 26],
      ["sidecar", 0],
    ]);
    await migrate(old.database, now);
    expect(await rowsOf(old.database, tables)).toEqual(before);
    expect(await selectBypasses(old.database.orm)).toEqual([]);
    expect(await selectBypassKeys(old.database.orm)).toEqual([]);
    const sites = await readSites(old.database.orm);
    expect(sites.map(({ redirectUrl, origins }) => [redirectUrl, ...origins])).toEqual([
      [""],
      ["https://status.example/shop", "https://pay.example"],
      ["", "https://app.example", "https://m.example"],
    ]);
  });

  test("keeps its revision and its identity, and is of the newest schema", async () => {
    await using old = await olderDatabase("schema-3");
    expect(await schemaState(old.database)).toEqual({ kind: "older", version: 3 });
    const meta = async () => ({ ...(await old.database.client.execute("SELECT * FROM meta")).rows[0] });
    const before = await meta();
    await migrate(old.database, now);
    expect(await meta()).toEqual({ ...before, schema_version: newest });
    expect(before).toMatchObject({ schema_version: 3, revision: 27, readable_from: 2 });
    expect(await schemaState(old.database)).toEqual({ kind: "current", version: newest });
  });

  test("gives every verdict that it gave", async () => {
    await using old = await olderDatabase("schema-3");
    await migrate(old.database, now);
    expect(await verdictsOf(old.database, recorded)).toEqual([...recorded]);
    expect(recorded.length).toBe(90);
  });

  test("is copied aside as it was, and the program that made it can go on with the copy", async () => {
    await using old = await olderDatabase("schema-3");
    const before = await rowsOf(old.database, tables);
    const copy = `${old.database.path}.schema-3.20261120T090000000Z.${process.pid}`;
    expect(await migrate(old.database, now)).toEqual({ from: 3, to: newest, copy });
    const aside = await openDatabase(optionsFor(copy));
    expect(await schemaState(aside, knownThen)).toEqual({ kind: "current", version: 3 });
    expect(await rowsOf(aside, tables)).toEqual(before);
    await aside.close();
    expect(await migrate(old.database, now)).toEqual({ from: newest, to: newest, copy: null });
    expect(readdirSync(old.folder.path).filter((name) => name.includes("schema")).length).toBe(1);
  });

  test("is still read afterwards by the program that made it, which knows all that opens and closes, and not changed", async () => {
    await using old = await olderDatabase("schema-3");
    await migrate(old.database, now);
    expect(await schemaState(old.database, knownThen)).toEqual({ kind: "newer-readable", version: newest });
    expect(await refusalOf(migrate(old.database, now, knownThen))).toBe(
      `unreachable: database ${old.database.path}: its schema ${newest} was made by a newer lull, and this one, which knows 3, only reads it; install the newer lull to change something`,
    );
  });

  test("takes changes of today's kind", async () => {
    await using old = await olderDatabase("schema-3");
    await migrate(old.database, now);
    const wanted = { label: "QA", path: "/", isSingleUse: false, mayBeInsecure: false, longestMs: null };
    const request = { ...wanted, sites: null, expires: now + hour };
    const { result, revision } = await createBypass(old.database, context(), request);
    expect([result[0]?.bypass.id, revision]).toEqual([1, 28]);
  });

  test("is brought up to date by the sidecar that follows it, and answers", async () => {
    await using old = await olderDatabase("schema-3");
    await using one = testThread(old.database.path);
    await eventually(
      () => one.snapshots.length,
      (length) => length === 1,
    );
    expect([one.snapshot.revision, one.snapshot.sites.size, one.faults]).toEqual([27, 3, []]);
    expect(await schemaState(old.database)).toEqual({ kind: "current", version: newest });
  });
});
