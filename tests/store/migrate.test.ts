import { describe, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { addSite } from "../../src/actions/sites.ts";
import { windowAround } from "../../src/gate/unroll-window.ts";
import { copyTo } from "../../src/store/copy.ts";
import { openDatabase, openOrCreateDatabase } from "../../src/store/database.ts";
import { readMeta } from "../../src/store/meta.ts";
import { migrate, schemaState } from "../../src/store/migrate.ts";
import { readSites } from "../../src/store/sites.ts";
import { readRecords } from "../../src/store/snapshot.ts";
import { createUnroller } from "../../src/store/unroller.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startMigratingProcess } from "./migrating-process.ts";
import {
  columnOf,
  context,
  newest,
  now,
  optionsFor,
  refusalOf,
  revisionOf,
  testDatabase,
  withOneMore,
  withSites,
} from "./store-fixture.ts";

const added = { domain: "a.example", name: "", message: "", redirectUrl: "", origins: [] };

async function journalOf(path: string): Promise<unknown> {
  const database = await openDatabase(optionsFor(path));
  const [mode] = await columnOf(database, "PRAGMA journal_mode");
  await database.close();
  return mode;
}

describe("a new database", () => {
  test("has site 1 that is every host, revision 1, and a number of its own", async () => {
    await using one = await testDatabase();
    expect(await readSites(one.database.orm)).toEqual([
      { id: 1, domain: "*", aliases: [], name: "", message: "", redirectUrl: "", origins: [] },
    ]);
    const meta = await readMeta(one.database.orm);
    expect(meta).toEqual({
      revision: 1,
      schemaVersion: newest,
      databaseId: expect.stringMatching(/^[0-9a-f]{32}$/),
      rollCall: 0,
    });
    await using other = await testDatabase();
    expect((await readMeta(other.database.orm)).databaseId).not.toBe(meta.databaseId);
  });

  test("is made once: migrating again does nothing", async () => {
    await using one = await testDatabase();
    await addSite(one.database, context(), added);
    expect(await migrate(one.database, now)).toEqual({ from: newest, to: newest, copy: null });
    expect(await revisionOf(one.database)).toBe(2);
    expect(readdirSync(one.folder.path).sort()).toEqual(["lull.db", "lull.db-shm", "lull.db-wal"]);
  });

  test("is made in a file that is there and empty", async () => {
    await using folder = temporaryFolder();
    await Bun.write(folder.file("lull.db"), "");
    const database = await openOrCreateDatabase(optionsFor(folder.file("lull.db")));
    expect(await schemaState(database)).toEqual({ kind: "empty" });
    expect(await migrate(database, now)).toEqual({ from: 0, to: newest, copy: null });
    await database.close();
  });

  test("is made by one of many processes that start at once", async () => {
    for (let round = 0; round < 5; round++) {
      await using folder = temporaryFolder();
      const path = folder.file("new/lull.db");
      const children = Array.from({ length: 5 }, () => startMigratingProcess(path, "newest"));
      const errors = await Promise.all(children.map((child) => child.stderr.text()));
      expect(errors).toEqual(children.map(() => ""));
      const results = await Promise.all(children.map((child) => child.stdout.text()));
      expect(results.filter((result) => result.includes('"from":0')).length).toBe(1);
      const database = await openDatabase(optionsFor(path));
      expect((await readSites(database.orm)).map((site) => site.domain)).toEqual(["*"]);
      await database.close();
    }
  });

  test("that holds data but was put back from a copy gets its WAL again", async () => {
    await using one = await testDatabase();
    const copy = one.folder.file("copy.db");
    await copyTo(one.database, copy);
    expect(await journalOf(copy)).toBe("delete");
    const database = await openDatabase(optionsFor(copy));
    await migrate(database, now);
    await database.close();
    expect(await journalOf(copy)).toBe("wal");
  });
});

describe("an older database", () => {
  test("is copied beside itself and brought up to date", async () => {
    await using one = await testDatabase();
    await withSites(one.database, ["a.example"]);
    const copy = `${one.database.path}.schema-${newest}.20261120T090000000Z.${process.pid}`;
    const known = withOneMore({ readableFrom: newest + 1 });
    expect(await migrate(one.database, now, known)).toEqual({ from: newest, to: newest + 1, copy });
    expect(await columnOf(one.database, "SELECT text FROM note")).toEqual(["from one migration more"]);
    expect(await columnOf(one.database, "SELECT readable_from FROM meta")).toEqual([newest + 1]);
    expect(await revisionOf(one.database)).toBe(2);
    expect(statSync(copy).mode & 0o7777).toBe(0o600);
    const before = await openDatabase(optionsFor(copy));
    expect(await schemaState(before)).toEqual({ kind: "current", version: newest });
    expect((await readSites(before.orm)).map((site) => site.domain)).toEqual(["*", "a.example"]);
    await before.close();
  });

  test("is migrated once by two processes that start at once, and one copy stays", async () => {
    for (let round = 0; round < 5; round++) {
      await using one = await testDatabase();
      const children = [0, 1].map(() => startMigratingProcess(one.database.path, "further"));
      const errors = await Promise.all(children.map((child) => child.stderr.text()));
      expect(errors).toEqual(["", ""]);
      const results = await Promise.all(children.map((child) => child.stdout.text()));
      expect(results.filter((result) => result.includes(`"from":${newest}`)).length).toBe(1);
      expect(await columnOf(one.database, "SELECT text FROM note")).toEqual(["from one migration more"]);
      expect(readdirSync(one.folder.path).filter((name) => name.includes("schema")).length).toBe(1);
    }
  });

  test.each([
    [
      "cannot be run",
      'SQLITE_ERROR: near "BROKEN": syntax error',
      "CREATE TABLE note (text TEXT);--> statement-breakpoint\nBROKEN;",
    ],
    [
      "breaks a rule",
      "SQLITE_CONSTRAINT: CHECK constraint failed: meta_is_one_row",
      "CREATE TABLE note (text TEXT);INSERT INTO meta VALUES (2, 1, 1, 1, '', 0);",
    ],
    [
      "leaves rows without what they refer to",
      "rows of site_alias would refer to nothing",
      "CREATE TABLE note (text TEXT);INSERT INTO site_alias VALUES ('b.example', 99);",
    ],
  ])("stays whole when the migration %s", async (_sentence, why, sql) => {
    await using one = await testDatabase();
    await withSites(one.database, ["a.example"]);
    expect(await refusalOf(migrate(one.database, now, withOneMore({ sql })))).toBe(
      `unreachable: database ${one.database.path}: migration to schema ${newest + 1} failed (${why}); it is as it was`,
    );
    expect(await schemaState(one.database)).toEqual({ kind: "current", version: newest });
    expect(await columnOf(one.database, "SELECT name FROM sqlite_schema WHERE name = 'note'")).toEqual([]);
    expect((await readSites(one.database.orm)).length).toBe(2);
    expect(readdirSync(one.folder.path).filter((name) => name.includes("schema"))).toEqual([]);
    expect(await columnOf(one.database, "PRAGMA foreign_keys")).toEqual([1]);
    expect((await addSite(one.database, context(), { ...added, domain: "c.example" })).revision).toBe(3);
  });

  test("keeps the rows that refer to a table that is built anew", async () => {
    await using one = await testDatabase();
    await one.database.client.execute("INSERT INTO site_alias VALUES ('b.example', 1)");
    const sql =
      "CREATE TABLE new_site AS SELECT * FROM site; DROP TABLE site; ALTER TABLE new_site RENAME TO site; CREATE UNIQUE INDEX site_id ON site (id);";
    await migrate(one.database, now, withOneMore({ sql }));
    expect(await columnOf(one.database, "SELECT host FROM site_alias")).toEqual(["b.example"]);
  });
});

describe("a newer database", () => {
  test("that this program can read is read, and neither migrated nor changed", async () => {
    await using one = await testDatabase();
    await withSites(one.database, ["a.example"]);
    await migrate(one.database, now, withOneMore());
    expect(await schemaState(one.database)).toEqual({ kind: "newer-readable", version: newest + 1 });
    expect(
      (await readRecords(one.database, { window: windowAround(now), unroller: createUnroller() })).sites.length,
    ).toBe(2);
    const refusal = `unreachable: database ${one.database.path}: its schema ${newest + 1} was made by a newer lull, and this one, which knows ${newest}, only reads it; install the newer lull to change something`;
    expect(await refusalOf(migrate(one.database, now))).toBe(refusal);
    expect(await refusalOf(addSite(one.database, context(), added))).toBe(refusal);
    expect(await revisionOf(one.database)).toBe(2);
  });

  test.each([
    ["readable from an older version", newest, "newer-readable"],
    ["readable from this very version", newest + 1, "newer-readable"],
    ["readable from the next version", newest + 2, null],
    ["readable from itself", newest + 6, null],
  ] as const)("that is %s", async (_sentence, readableFrom, kind) => {
    const version = newest + 6;
    await using one = await testDatabase();
    await one.database.client.execute(`UPDATE meta SET schema_version = ${version}, readable_from = ${readableFrom}`);
    const known = withOneMore();
    if (kind !== null) expect(await schemaState(one.database, known)).toEqual({ kind, version });
    else {
      const refusal = `unreachable: database ${one.database.path}: its schema ${version} can be read from version ${readableFrom} on, and this program knows ${newest + 1}; install the newer lull`;
      expect(await refusalOf(schemaState(one.database, known))).toBe(refusal);
      expect(await refusalOf(migrate(one.database, now, known))).toBe(refusal);
    }
  });

  test("is refused by the process that was about to migrate it", async () => {
    await using one = await testDatabase();
    const other = await one.another();
    const known = withOneMore();
    // Between the look and the transaction another process migrates further.
    const racing = {
      ...one.database,
      orm: one.database.orm,
      client: raced(one.database.client, async () => {
        await other.client.execute("UPDATE meta SET schema_version = 99, readable_from = 99");
      }),
    };
    expect(await refusalOf(migrate(racing, now, known))).toBe(
      `unreachable: database ${one.database.path}: its schema 99 was made by a newer lull, and this one, which knows ${newest + 1}, only reads it; install the newer lull to change something`,
    );
    expect(readdirSync(one.folder.path).filter((name) => name.includes("schema"))).toEqual([]);
    await other.close();
  });
});

/** The same client, with something that happens just before its transaction begins. */
function raced<T extends { transaction(mode: "write"): unknown }>(client: T, before: () => Promise<void>): T {
  return new Proxy(client, {
    get(target, name) {
      if (name === "transaction") return async () => before().then(() => target.transaction("write"));
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("a file that is no database of ours", () => {
  test("but another program's is refused, and stays as it was", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("other.db");
    const other = await openOrCreateDatabase(optionsFor(path));
    await other.client.execute("CREATE TABLE meta (id)");
    await other.close();
    const before = await Bun.file(path).bytes();
    const database = await openDatabase(optionsFor(path));
    const refusal = `unreachable: database ${path}: it belongs to another program; name another file in the setting database`;
    expect(await refusalOf(schemaState(database))).toBe(refusal);
    expect(await refusalOf(migrate(database, now))).toBe(refusal);
    await database.close();
    expect(await Bun.file(path).bytes()).toEqual(before);
  });
});
