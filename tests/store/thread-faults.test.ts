/** What happens to the database file while a sidecar follows it: the last snapshot stays, and all is well again by itself. */
import { describe, expect, test } from "bun:test";
import { copyFileSync, existsSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { askElsewhere } from "./asking-process.ts";
import { domains, faultOf, isAtRest, isWellAgain, isWhole, scene, served } from "./followed-scene.ts";
import { columnOf, newest, now, optionsFor, withOneMore } from "./store-fixture.ts";
import { addSiteElsewhere, eventually } from "./thread-fixture.ts";

describe("the file is", () => {
  test("replaced by a copy: that is served, although its revision is lower", async () => {
    await using all = await scene();
    const { one, path, backup } = all;
    renameSync(backup, path);
    await eventually(
      () => one.snapshot.revision,
      (revision) => revision === 2,
    );
    expect(domains(one)).toEqual(["*", "early-0.example"]);
    await isWellAgain(one, path);
    expect(one.faults).toEqual([]);
    await isWhole(path);
  });

  test("replaced again and again, while changes go on: nothing of one gets into another", async () => {
    await using all = await scene();
    const { one, path, backup, folder } = all;
    for (let round = 0; round < 8; round++) {
      copyFileSync(backup, folder.file("next.db"));
      renameSync(folder.file("next.db"), path);
      await eventually(
        () => one.snapshot.revision,
        (revision) => revision === 2,
      );
      const revision = await addSiteElsewhere(path, `round-${round}`);
      expect(revision).toBe(3);
      await eventually(
        () => one.snapshot.revision,
        (found) => found === revision,
      );
      expect(domains(one)).toEqual(["*", "early-0.example", `round-${round}-0.example`]);
      await isWhole(path);
    }
  }, 30_000);

  test("deleted: it is never made anew, and the copy that is put there is served", async () => {
    await using all = await scene();
    const { one, path, backup } = all;
    rmSync(path);
    expect(await faultOf(one)).toBe(
      `database ${path}: it is gone; put it back, or put a copy made by "lull backup" in its place`,
    );
    await Bun.sleep(600);
    expect(existsSync(path)).toBe(false);
    expect(one.faults.length).toBe(1);
    renameSync(backup, path);
    await eventually(
      () => one.snapshot.revision,
      (revision) => revision === 2,
    );
    await isWellAgain(one, path);
    await isWhole(path);
  });

  test("deleted, and the sidecar ends: it does so at once", async () => {
    await using all = await scene();
    const { one, path } = all;
    rmSync(path);
    await faultOf(one);
    await Bun.sleep(1_000);
    const startMs = performance.now();
    await one.thread.stop();
    expect(performance.now() - startMs).toBeLessThan(500);
    expect(existsSync(path)).toBe(false);
  });

  test("moved away and back: nothing changes", async () => {
    await using all = await scene();
    const { one, path, folder } = all;
    renameSync(path, folder.file("away.db"));
    await faultOf(one);
    renameSync(folder.file("away.db"), path);
    await isWellAgain(one, path);
    expect(domains(one)).toEqual([...served, "after-0.example"]);
    await isWhole(path);
  });

  test("deleted and made anew by a command: the new one opens no site", async () => {
    await using all = await scene();
    const { one, path } = all;
    rmSync(path);
    await faultOf(one);
    await addSiteElsewhere(path, "new");
    await eventually(
      () => one.faults.length,
      (length) => length === 2,
    );
    expect(await faultOf(one)).toBe(
      `database ${path}: another database has taken its place, and the last snapshot keeps answering; put the old one or a copy of it there, or restart the sidecar if the new one is meant`,
    );
    expect(await askElsewhere(path, "SELECT instance FROM sidecar")).toEqual([]);
    expect(domains(one)).toEqual(served);
  });

  test("made empty", async () => {
    await using all = await scene();
    const { one, path, backup } = all;
    await isAtRest(one, path);
    truncateSync(path, 0);
    expect(await faultOf(one)).toBe(
      `database ${path}: it has become empty; put a copy made by "lull backup" in its place`,
    );
    expect(statSync(path).size).toBe(0);
    renameSync(backup, path);
    await eventually(
      () => one.snapshot.revision,
      (revision) => revision === 2,
    );
    await isWellAgain(one, path);
  });

  test("cut off", async () => {
    await using all = await scene();
    const { one, path, backup } = all;
    await isAtRest(one, path);
    truncateSync(path, 4096);
    expect(await faultOf(one)).toBe(
      `database ${path}: it is damaged; put a copy made by "lull backup" in its place, and take ${path}-wal away if it is there`,
    );
    renameSync(backup, path);
    await eventually(
      () => one.snapshot.revision,
      (revision) => revision === 2,
    );
    await isWellAgain(one, path);
  });

  test("overwritten with something else", async () => {
    await using all = await scene();
    const { one, path, backup } = all;
    await isAtRest(one, path);
    writeFileSync(path, "this is no database\n".repeat(4_000), { flag: "r+" });
    expect(await faultOf(one)).toBe(
      `database ${path}: the file is not a database; correct the setting database, or move the file away`,
    );
    copyFileSync(backup, path);
    await eventually(
      () => one.snapshot.revision,
      (revision) => revision === 2,
    );
    await isWellAgain(one, path);
    await isWhole(path);
  });

  test("wound back by statements: all of it is read again", async () => {
    await using all = await scene();
    const { one, path } = all;
    await askElsewhere(path, "UPDATE site SET message = 'of old' WHERE id = 1");
    await askElsewhere(path, "UPDATE meta SET revision = 2");
    await eventually(
      () => one.snapshot.revision,
      (revision) => revision === 2,
    );
    expect(one.snapshot.sites.get(1)?.site.message).toBe("of old");
  });

  test("replaced by another program's", async () => {
    await using all = await scene();
    const { one, path, folder } = all;
    await askElsewhere(all.backup, "DROP TABLE site_alias");
    const before = await Bun.file(all.backup).bytes();
    renameSync(all.backup, folder.file("other.db"));
    renameSync(folder.file("other.db"), path);
    expect(await faultOf(one)).toBe(
      `database ${path}: it belongs to another program; name another file in the setting database`,
    );
    expect(await Bun.file(path).bytes()).toEqual(before);
  });
});

describe("another process", () => {
  test("migrates it to what this program can read: it is followed, and not written to", async () => {
    await using all = await scene();
    const { one, path } = all;
    const database = await openDatabase(optionsFor(path));
    await migrate(database, now, withOneMore());
    await eventually(
      () => one.snapshots.length,
      (length) => length === 2,
    );
    await database.client.execute(
      "INSERT INTO audit (revision, at, actor, action, site_id, reason) VALUES (4, 1, '', '', 1, '')",
    );
    await database.client.execute("UPDATE site SET message = 'newer' WHERE id = 1");
    await database.client.execute("UPDATE meta SET revision = 4");
    await eventually(
      () => one.snapshot.revision,
      (revision) => revision === 4,
    );
    expect(one.snapshot.sites.get(1)?.site.message).toBe("newer");
    expect(one.faults).toEqual([]);
    expect(await columnOf(database, "SELECT revision FROM sidecar")).toEqual([3]);
    await database.close();
  });

  test("migrates it to what this program cannot read: the last snapshot stays", async () => {
    await using all = await scene();
    const { one, path } = all;
    const database = await openDatabase(optionsFor(path));
    await migrate(database, now, withOneMore({ readableFrom: newest + 1 }));
    expect(await faultOf(one)).toBe(
      `database ${path}: its schema ${newest + 1} can be read from version ${newest + 1} on, and this program knows ${newest}; install the newer lull`,
    );
    await database.close();
  });
});
