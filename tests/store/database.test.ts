import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { addSite } from "../../src/actions/sites.ts";
import { databasePath, openDatabase, openOrCreateDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { canBecomeOthers, openAs } from "./opening-process.ts";
import { columnOf, context, now, optionsFor, refusalOf, revisionOf, testDatabase } from "./store-fixture.ts";

/** Mode and owner of a path: `2770 65534:4242`. */
function access(path: string): string {
  const { mode, uid, gid } = statSync(path);
  return `${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
}

const own = `${process.geteuid?.()}:${process.getegid?.()}`;
const nobody = { userId: 65534, groupId: 65534 };
const stranger = { userId: 4321, groupId: 4321 };
const group = 4242;

describe("an open database", () => {
  test("keeps a change over a power cut: WAL, and the WAL is synchronised at every commit", async () => {
    await using one = await testDatabase();
    expect(await columnOf(one.database, "PRAGMA journal_mode")).toEqual(["wal"]);
    expect(await columnOf(one.database, "PRAGMA synchronous")).toEqual([2]);
    expect(await columnOf(one.database, "PRAGMA foreign_keys")).toEqual([1]);
    expect(await columnOf(one.database, "PRAGMA busy_timeout")).toEqual([5_000]);
  });

  test("has the same settings after a reconnection and within the transaction of a change", async () => {
    await using one = await testDatabase();
    await one.database.setBusyTimeout(70);
    await one.database.reconnect();
    const settings = ["synchronous", "foreign_keys", "busy_timeout"];
    const transaction = await one.database.client.transaction("write");
    const values: unknown[] = [];
    for (const name of settings) values.push((await transaction.execute(`PRAGMA ${name}`)).rows[0]?.[0]);
    await transaction.rollback();
    expect(values).toEqual([2, 1, 70]);
    const after: unknown[] = [];
    for (const name of settings) after.push(...(await columnOf(one.database, `PRAGMA ${name}`)));
    expect(after).toEqual([2, 1, 70]);
  });

  test("that is closed has everything in its file, and nothing in the -wal", async () => {
    await using one = await testDatabase();
    const other = await one.another();
    await addSite(other, context(), { domain: "a.example", name: "", message: "", redirectUrl: "", origins: [] });
    expect(statSync(`${one.database.path}-wal`).size).toBeGreaterThan(0);
    await other.close();
    expect(statSync(`${one.database.path}-wal`).size).toBe(0);
    expect(await revisionOf(one.database)).toBe(2);
  });

  test("that was only read is closed without touching the -wal", async () => {
    await using one = await testDatabase();
    await addSite(one.database, context(), {
      domain: "a.example",
      name: "",
      message: "",
      redirectUrl: "",
      origins: [],
    });
    const size = statSync(`${one.database.path}-wal`).size;
    const other = await one.another();
    expect(await revisionOf(other)).toBe(2);
    await other.close();
    expect(statSync(`${one.database.path}-wal`).size).toBe(size);
  });

  test("can have any file name", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("a b?c#d%20é'.db");
    const database = await openOrCreateDatabase({
      ...optionsFor(path),
      url: `file:${Bun.pathToFileURL(path).pathname}`,
    });
    await migrate(database, now);
    await database.close();
    expect(database.path).toBe(path);
    expect(readdirSync(folder.path)).toContain("a b?c#d%20é'.db");
  });

  test("has a file: URL", () => {
    expect(databasePath("file:/a/b.db")).toBe("/a/b.db");
    expect(databasePath("file:///a/b%20c.db")).toBe("/a/b c.db");
    expect(() => databasePath("http://a/b.db")).toThrow(
      'database "http://a/b.db" is not a file: URL; write file:/path/to/lull.db',
    );
  });
});

describe("files", () => {
  test("are for their owner alone, and so are folders that are made", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("a/b/lull.db");
    const database = await openOrCreateDatabase(optionsFor(path));
    await migrate(database, now);
    expect([dirname(dirname(path)), dirname(path)].map(access)).toEqual([`700 ${own}`, `700 ${own}`]);
    expect([path, `${path}-wal`, `${path}-shm`].map(access)).toEqual([`600 ${own}`, `600 ${own}`, `600 ${own}`]);
    await database.close();
  });

  test("do not change a folder that is there", async () => {
    await using folder = temporaryFolder();
    chmodSync(folder.path, 0o755);
    await (await openOrCreateDatabase(optionsFor(folder.file("lull.db")))).close();
    expect(access(folder.path)).toBe(`755 ${own}`);
  });
});

describe.skipIf(!canBecomeOthers)("as root (else skipped)", () => {
  test("files and folders are given to the owner of the folder around them", async () => {
    await using folder = temporaryFolder();
    chownSync(folder.path, nobody.userId, nobody.groupId);
    const path = folder.file("a/b/lull.db");
    const database = await openOrCreateDatabase(optionsFor(path));
    await migrate(database, now);
    const theirs = "65534:65534";
    expect([dirname(dirname(path)), dirname(path)].map(access)).toEqual([`700 ${theirs}`, `700 ${theirs}`]);
    expect([path, `${path}-wal`, `${path}-shm`].map(access)).toEqual([
      `600 ${theirs}`,
      `600 ${theirs}`,
      `600 ${theirs}`,
    ]);
    expect(await openAs(nobody, path, { how: "read" })).toBe("ok");
    await database.close();
  });

  test("database_group may use files and folders too", async () => {
    await using folder = temporaryFolder();
    chmodSync(folder.path, 0o755);
    const path = folder.file("a/b/lull.db");
    const database = await openOrCreateDatabase({ ...optionsFor(path), groupId: group });
    await migrate(database, now);
    expect([dirname(dirname(path)), dirname(path)].map(access)).toEqual([`2770 0:${group}`, `2770 0:${group}`]);
    expect([path, `${path}-wal`, `${path}-shm`].map(access)).toEqual([
      `660 0:${group}`,
      `660 0:${group}`,
      `660 0:${group}`,
    ]);
    await database.close();
    // Whoever opens it first makes -wal and -shm, which the others must be able to use.
    await Bun.$`rm -f ${path}-wal ${path}-shm`;
    expect(await openAs({ userId: stranger.userId, groupId: group }, path, { how: "make", group })).toBe("ok");
    expect(await openAs({ userId: nobody.userId, groupId: group }, path, { how: "make", group })).toBe("ok");
  });

  test("database_group that is named later may use what is there", async () => {
    await using folder = temporaryFolder();
    chmodSync(folder.path, 0o755);
    const path = folder.file("a/lull.db");
    const alone = await openOrCreateDatabase(optionsFor(path));
    await migrate(alone, now);
    await alone.close();
    const member = { userId: stranger.userId, groupId: group };
    expect(await openAs(member, path, { how: "read" })).toContain(`no access to ${dirname(path)}`);
    await (await openOrCreateDatabase({ ...optionsFor(path), groupId: group })).close();
    expect([dirname(path), path].map(access)).toEqual([`2770 0:${group}`, `660 0:${group}`]);
    expect(await openAs(member, path, { how: "read" })).toBe("ok");
    chmodSync(path, 0o600);
    expect(await openAs(member, path, { how: "read" })).toContain("no access to it");
  });

  test("a member of the group makes files for the group, and stays their owner", async () => {
    await using folder = temporaryFolder();
    chownSync(folder.path, 0, group);
    chmodSync(folder.path, 0o2770);
    const path = folder.file("a/lull.db");
    expect(await openAs({ userId: nobody.userId, groupId: group }, path, { how: "make", group })).toBe("ok");
    expect([dirname(path), path].map(access)).toEqual([`2770 65534:${group}`, `660 65534:${group}`]);
    expect(await openAs({ userId: stranger.userId, groupId: group }, path, { how: "read" })).toBe("ok");
  });

  test.each([
    ["in a closed folder", 0o700, 0o600],
    ["in an open folder", 0o755, 0o600],
    ["with a file that can be read but not written", 0o755, 0o644],
  ])("another user is told to join the group: %s", async (_sentence, folderMode, fileMode) => {
    await using folder = temporaryFolder();
    const path = folder.file("a/lull.db");
    mkdirSync(dirname(path));
    chmodSync(folder.path, 0o755);
    const database = await openOrCreateDatabase(optionsFor(path));
    await migrate(database, now);
    await database.close();
    await Bun.$`rm -f ${path}-wal ${path}-shm`;
    chmodSync(dirname(path), folderMode);
    chmodSync(path, fileMode);
    const refusal = `database ${path}: this user has no access to ${dirname(path)}; join group lull (usermod -aG lull NAME), or run as root`;
    expect(await openAs(stranger, path, { how: "read" })).toBe(refusal);
    expect(await openAs(stranger, path, { how: "make" })).toBe(refusal);
  });

  test("another user may not make a database in a closed folder", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("lull.db");
    const refusal = `database ${path}: this user has no access to ${folder.path}; join group lull (usermod -aG lull NAME), or run as root`;
    expect(await openAs(stranger, path, { how: "make" })).toBe(refusal);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe("what cannot be opened is said in one line:", () => {
  const notThere = 'does not exist yet; "lull migrate" makes it, and so does the first command that changes something';
  const notADatabase = "the file is not a database; correct the setting database, or move the file away";

  test.each([
    ["a missing file", "lull.db", notThere],
    ["a missing folder", "a/b/lull.db", notThere],
    ["a file in place of a folder", "text/lull.db", "a part of the path is not a folder; correct the setting database"],
    ["a folder", "folder", "it is a folder; correct the setting database"],
    ["a text", "text", notADatabase],
    ["zeros", "zeros", notADatabase],
  ])("%s", async (_sentence, name, words) => {
    await using folder = temporaryFolder();
    await Bun.write(folder.file("text"), "this is a text, and no database\n".repeat(100));
    await Bun.write(folder.file("zeros"), new Uint8Array(8192));
    mkdirSync(folder.file("folder"));
    const path = folder.file(name);
    expect(await refusalOf(openDatabase(optionsFor(path)))).toBe(`unreachable: database ${path}: ${words}`);
    expect(readdirSync(folder.path).sort()).toEqual(["folder", "text", "zeros"]);
  });

  test("a damaged file", async () => {
    await using one = await testDatabase();
    await one.database.emptyWal();
    const path = one.folder.file("damaged.db");
    const bytes = await Bun.file(one.database.path).bytes();
    bytes.fill(255, 100, 4096);
    await Bun.write(path, bytes);
    expect(await refusalOf(openDatabase(optionsFor(path)))).toBe(
      `unreachable: database ${path}: it is damaged; put a copy made by "lull backup" in its place, and take ${path}-wal away if it is there`,
    );
  });
});
