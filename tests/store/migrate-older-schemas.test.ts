/** What holds of the databases of all older schemas; what each of them has of its own is in a file beside this one. */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { openDatabase } from "../../src/store/database.ts";
import { migrate, migrations, schemaState } from "../../src/store/migrate.ts";
import { columnsOf, olderDatabase, recordedVerdicts, rowsOf, verdictsOf } from "./older-database.ts";
import { newest, now, optionsFor, refusalOf } from "./store-fixture.ts";
import { eventually, testThread } from "./thread-fixture.ts";

interface OlderSchema {
  readonly version: number;
  readonly revision: number;
  /** How many rows of each table it has: of all but `meta`. */
  readonly rows: Readonly<Record<string, number>>;
  readonly verdicts: number;
  /** The oldest program that reads it. */
  readonly readableFrom: number;
}

/** A schema that is the newest one stands here too, and is an older one as soon as there is a newer. */
const schemas: readonly OlderSchema[] = [
  {
    ...{ version: 1, revision: 24, verdicts: 90, readableFrom: 1 },
    rows: { site: 3, site_alias: 2, period: 6, exemption: 4, audit: 23, sidecar: 0 },
  },
  {
    ...{ version: 2, revision: 35, verdicts: 90, readableFrom: 2 },
    rows: {
      ...{ site: 3, site_alias: 2, period: 5, exemption: 4, audit: 34, sidecar: 0 },
      ...{ recurrence: 4, occurrence: 2, readonly_rule: 2 },
    },
  },
  {
    ...{ version: 3, revision: 27, verdicts: 90, readableFrom: 2 },
    rows: {
      ...{ site: 3, site_alias: 2, period: 5, exemption: 4, audit: 26, sidecar: 0 },
      ...{ recurrence: 2, occurrence: 1, readonly_rule: 2 },
    },
  },
  {
    ...{ version: 4, revision: 42, verdicts: 162, readableFrom: 2 },
    rows: {
      ...{ site: 3, site_alias: 2, period: 6, exemption: 4, audit: 42, sidecar: 0 },
      ...{ recurrence: 2, occurrence: 1, readonly_rule: 2, bypass: 6, bypass_key: 2 },
    },
  },
];
const olderSchemas = schemas.filter(({ version }) => version < newest);
/** The first knows nothing of leases and recurrences, and is refused: migrate-schema-1.test.ts. */
const stillRead = olderSchemas.filter(({ version }) => version > 1);

test("every schema before the newest stands in the table", () => {
  expect(olderSchemas.map(({ version }) => version)).toEqual(migrations.slice(0, -1).map(({ version }) => version));
});

describe.each(schemas)("a database of schema $version", ({ version, revision, rows, verdicts, readableFrom }) => {
  const name = `schema-${version}`;
  const isOlder = version < newest;

  test("keeps every row", async () => {
    await using old = await olderDatabase(name);
    const before = await rowsOf(old.database, Object.keys(rows));
    expect(Object.fromEntries([...before].map(([table, found]) => [table, found.length]))).toEqual(rows);
    await migrate(old.database, now);
    expect(await rowsOf(old.database, Object.keys(rows), columnsOf(before))).toEqual(before);
  });

  test("keeps its revision and its identity, and is of the newest schema", async () => {
    await using old = await olderDatabase(name);
    expect(await schemaState(old.database)).toEqual({ kind: isOlder ? "older" : "current", version });
    const meta = async () => ({ ...(await old.database.client.execute("SELECT * FROM meta")).rows[0] });
    const before = await meta();
    await migrate(old.database, now);
    expect(await meta()).toEqual({ ...before, schema_version: newest, readable_from: 2 });
    expect(before).toMatchObject({ schema_version: version, revision, readable_from: readableFrom });
    expect(await schemaState(old.database)).toEqual({ kind: "current", version: newest });
  });

  test("gives every verdict that it gave", async () => {
    await using old = await olderDatabase(name);
    await migrate(old.database, now);
    const recorded = recordedVerdicts(name);
    expect(await verdictsOf(old.database, recorded)).toEqual([...recorded]);
    expect(recorded.length).toBe(verdicts);
  });

  test("is brought up to date by the sidecar that follows it, and answers", async () => {
    await using old = await olderDatabase(name);
    await using one = testThread(old.database.path);
    await eventually(
      () => one.snapshots.length,
      (length) => length === 1,
    );
    expect([one.snapshot.revision, one.snapshot.sites.size, one.faults]).toEqual([revision, 3, []]);
    expect(await schemaState(old.database)).toEqual({ kind: "current", version: newest });
  });
});

test.each(olderSchemas)(
  "a database of schema $version is copied aside as it was, and the program that made it can go on with the copy",
  async ({ version, rows }) => {
    await using old = await olderDatabase(`schema-${version}`);
    const before = await rowsOf(old.database, Object.keys(rows));
    const copy = `${old.database.path}.schema-${version}.20261120T090000000Z.${process.pid}`;
    expect(await migrate(old.database, now)).toEqual({ from: version, to: newest, copy });
    const aside = await openDatabase(optionsFor(copy));
    expect(await schemaState(aside, migrations.slice(0, version))).toEqual({ kind: "current", version });
    expect(await rowsOf(aside, Object.keys(rows))).toEqual(before);
    await aside.close();
    expect(await migrate(old.database, now)).toEqual({ from: newest, to: newest, copy: null });
    expect(readdirSync(old.folder.path).filter((file) => file.includes("schema")).length).toBe(1);
  },
);

test.each(stillRead)(
  "a database of schema $version is still read afterwards by the program that made it, which knows all that opens and closes, and not changed",
  async ({ version }) => {
    await using old = await olderDatabase(`schema-${version}`);
    await migrate(old.database, now);
    const knownThen = migrations.slice(0, version);
    expect(await schemaState(old.database, knownThen)).toEqual({ kind: "newer-readable", version: newest });
    expect(await refusalOf(migrate(old.database, now, knownThen))).toBe(
      `unreachable: database ${old.database.path}: its schema ${newest} was made by a newer lull, and this one, which knows ${version}, only reads it; install the newer lull to change something`,
    );
  },
);
