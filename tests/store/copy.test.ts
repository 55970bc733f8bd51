import { describe, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { copyTo } from "../../src/store/copy.ts";
import { openDatabase } from "../../src/store/database.ts";
import { readMeta } from "../../src/store/meta.ts";
import { readSidecars, upsertSidecar } from "../../src/store/sidecars.ts";
import { startChangingProcess } from "./changing-process.ts";
import { columnOf, now, optionsFor, refusalOf, revisionOf, testDatabase, withSites } from "./store-fixture.ts";

const sidecar = {
  instance: "one",
  hostname: "desk",
  processId: 1,
  listen: "127.0.0.1:8503",
  version: "1.2.3",
  startedAt: now,
  seenAt: now,
  revision: 1,
  rollCall: 0,
};

describe("a copy", () => {
  test("is whole, for its owner alone, the same database, and lists no sidecars", async () => {
    await using one = await testDatabase();
    await withSites(one.database, ["a.example"]);
    await upsertSidecar(one.database.orm, sidecar);
    const target = one.folder.file("copy of it.db");
    await copyTo(one.database, target);
    expect(statSync(target).mode & 0o7777).toBe(0o600);
    const copy = await openDatabase(optionsFor(target));
    expect(await readMeta(copy.orm)).toEqual(await readMeta(one.database.orm));
    expect(await columnOf(copy, "SELECT domain FROM site ORDER BY id")).toEqual(["*", "a.example"]);
    expect(await readSidecars(copy.orm)).toEqual([]);
    expect(await columnOf(copy, "PRAGMA integrity_check")).toEqual(["ok"]);
    expect((await readSidecars(one.database.orm)).length).toBe(1);
    await copy.close();
  });

  test("is consistent while another process writes", async () => {
    await using one = await testDatabase();
    const writer = startChangingProcess(one.database.path, 150, "writer");
    const revisions: number[] = [];
    let isWriting = true;
    const ended = writer.exited.then((code) => {
      isWriting = false;
      return code;
    });
    while (isWriting) {
      const target = one.folder.file(`copy-${revisions.length}.db`);
      await copyTo(one.database, target);
      const copy = await openDatabase(optionsFor(target));
      const revision = await revisionOf(copy);
      revisions.push(revision);
      expect(await columnOf(copy, "SELECT count(*) FROM audit")).toEqual([revision - 1]);
      expect(await columnOf(copy, "SELECT count(*) FROM site")).toEqual([revision]);
      expect(await columnOf(copy, "PRAGMA integrity_check")).toEqual(["ok"]);
      await copy.close();
      await Bun.sleep(0);
    }
    expect(await ended).toBe(0);
    expect(new Set(revisions).size).toBeGreaterThan(3);
    expect(await revisionOf(one.database)).toBe(151);
  });

  test("never overwrites", async () => {
    await using one = await testDatabase();
    const target = one.folder.file("notes.txt");
    await Bun.write(target, "mine");
    expect(await refusalOf(copyTo(one.database, target))).toBe(
      `refused: ${target} exists already, and a backup never overwrites; name another file`,
    );
    expect(await refusalOf(copyTo(one.database, one.database.path))).toBe(
      `refused: ${one.database.path} exists already, and a backup never overwrites; name another file`,
    );
    expect(await Bun.file(target).text()).toBe("mine");
  });

  test("needs a folder", async () => {
    await using one = await testDatabase();
    const target = one.folder.file("a/b.db");
    expect(await refusalOf(copyTo(one.database, target))).toBe(
      `refused: ${target}: there is no folder ${one.folder.file("a")}; make it, or name another file`,
    );
  });

  test("of a damaged database is refused, and no part of it stays", async () => {
    await using one = await testDatabase();
    await withSites(
      one.database,
      Array.from({ length: 500 }, (_, index) => `site-${index}.example`),
    );
    await one.database.emptyWal();
    const bytes = await Bun.file(one.database.path).bytes();
    bytes.fill(255, bytes.length / 2);
    const path = one.folder.file("damaged.db");
    await Bun.write(path, bytes);
    const damaged = await openDatabase(optionsFor(path));
    expect(await refusalOf(copyTo(damaged, one.folder.file("copy.db")))).toBe(
      `unreachable: database ${path}: it is damaged; put a copy made by "lull backup" in its place, and take ${path}-wal away if it is there`,
    );
    await damaged.close();
    expect(readdirSync(one.folder.path).filter((name) => name.includes("copy"))).toEqual([]);
  });

  test("is made while another process holds the lock for writing", async () => {
    await using one = await testDatabase();
    const other = await one.another();
    const transaction = await other.client.transaction("write");
    await copyTo(one.database, one.folder.file("copy.db"));
    await transaction.rollback();
    await other.close();
    expect(readdirSync(one.folder.path)).toContain("copy.db");
  });
});
