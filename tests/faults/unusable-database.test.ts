/** Every database that cannot be used: one line that says what, where and what to do, exit code 5, and the file as it was. */
import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { openOrCreateDatabase } from "../../src/store/database.ts";
import { migrate, migrations } from "../../src/store/migrate.ts";
import { askElsewhere } from "../store/asking-process.ts";
import { canBecomeOthers } from "../store/opening-process.ts";
import { optionsFor } from "../store/store-fixture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { mountPlace } from "./mount-place.ts";
import { check, programWith } from "./program.ts";

const notADatabase = "the file is not a database; correct the setting database, or move the file away";
const folderNotFile = "it is a folder; correct the setting database";

async function makeDatabase(path: string, sql = ""): Promise<void> {
  const database = await openOrCreateDatabase(optionsFor(path));
  await migrate(database, Date.now());
  await database.client.executeMultiple(sql);
  await database.close();
}

const commands = [["serve", "--listen", "127.0.0.1:0"], ["status"], ["setmaintenance", "on", "--offline"], ["migrate"]];

describe("serve, a command that reads, one that writes, and migrate say it in one line:", () => {
  test.each([
    ["text in the file", (path: string) => Bun.write(path, "no database\n".repeat(999)), () => notADatabase],
    ["zeros in the file", (path: string) => Bun.write(path, new Uint8Array(65_536)), () => notADatabase],
    ["a folder", async (path: string) => mkdirSync(path), () => folderNotFile],
    [
      "a damaged file",
      async (path: string) => {
        await makeDatabase(path);
        const bytes = await Bun.file(path).bytes();
        await Bun.write(path, bytes.fill(255, 100, 8192));
      },
      (path: string) =>
        `it is damaged; put a copy made by "lull backup" in its place, and take ${path}-wal away if it is there`,
    ],
    [
      "another program's file",
      async (path: string) => {
        const other = await openOrCreateDatabase(optionsFor(path));
        await other.client.execute("CREATE TABLE customers (id)");
        await other.close();
      },
      () => "it belongs to another program; name another file in the setting database",
    ],
    [
      "a schema that is too new",
      (path: string) => makeDatabase(path, "UPDATE meta SET schema_version = 9, readable_from = 8"),
      () =>
        `its schema 9 can be read from version 8 on, and this program knows ${migrations.length}; install the newer lull`,
    ],
  ])("%s", async (_sentence, make, words) => {
    await using folder = temporaryFolder();
    const path = folder.file("lull.db");
    await make(path);
    const before = await contentOf(path);
    const program = await programWith({ folder, database: path });
    for (const words_ of commands) {
      const ended = await program.run(...words_);
      expect({ words_, ...ended }).toEqual({
        words_,
        code: 5,
        output: "",
        errors: `lull: database ${path}: ${words(path)}\n`,
      });
    }
    expect(await contentOf(path)).toEqual(before);
  });

  test("a part of the path that is a file", async () => {
    await using folder = temporaryFolder();
    await Bun.write(folder.file("file"), "");
    const path = folder.file("file/lull.db");
    const program = await programWith({ folder, database: path });
    for (const words of commands) {
      expect(await program.run(...words)).toEqual({
        code: 5,
        output: "",
        errors: `lull: database ${path}: a part of the path is not a folder; correct the setting database\n`,
      });
    }
  });
});

async function contentOf(path: string): Promise<string | null> {
  try {
    return new Bun.CryptoHasher("sha256").update(await Bun.file(path).bytes()).digest("hex");
  } catch {
    return null;
  }
}

test("a newer schema that says that it can be read is served, and not written to", async () => {
  await using folder = temporaryFolder();
  const path = folder.file("lull.db");
  const program = await programWith({ folder, database: path });
  expect((await program.run("setmaintenance", "on", "--offline")).code).toBe(0);
  await askElsewhere(path, "UPDATE meta SET schema_version = 9, readable_from = 1");
  const before = await contentOf(path);
  await using sidecar = await program.serve();
  expect(await check(sidecar.url)).toBe(403);
  expect((await program.run("status", "--exit-code")).code).toBe(10);
  expect(await program.run("setmaintenance", "off", "--offline")).toEqual({
    code: 5,
    output: "",
    errors: `lull: database ${path}: its schema 9 was made by a newer lull, and this one, which knows ${migrations.length}, only reads it; install the newer lull to change something\n`,
  });
  expect(await contentOf(path)).toBe(before);
});

test.skipIf(!canBecomeOthers)("another user is told to join the group (skipped unless root)", async () => {
  await using folder = temporaryFolder();
  const path = folder.file("data/lull.db");
  expect((await (await programWith({ folder, database: path })).run("migrate")).code).toBe(0);
  chmodSync(folder.path, 0o755);
  const prefix = ["setpriv", "--reuid=4321", "--regid=4321", "--clear-groups"];
  const program = await programWith({ folder, database: path, prefix });
  for (const words of commands) {
    const errors = `lull: database ${path}: this user has no access to ${folder.file("data")}; join group lull (usermod -aG lull NAME), or run as root\n`;
    expect({ words, ...(await program.run(...words)) }).toEqual({ words, code: 5, output: "", errors });
  }
});

describe("a missing folder", () => {
  test("is said by what only reads, and made by serve and by what changes something", async () => {
    await using folder = temporaryFolder();
    for (const [index, words] of [["setmaintenance", "on", "--offline"], ["migrate"]].entries()) {
      const path = folder.file(`${index}/a/lull.db`);
      const program = await programWith({ folder, database: path });
      const missing = `lull: database ${path}: does not exist yet; "lull migrate" makes it, and so does the first command that changes something\n`;
      expect(await program.run("status")).toEqual({ code: 5, output: "", errors: missing });
      expect(await program.run("setmaintenance", "on", "--offline", "--dry-run")).toEqual({
        code: 5,
        output: "",
        errors: missing,
      });
      expect(existsSync(folder.file(String(index)))).toBe(false);
      expect((await program.run(...words)).code).toBe(0);
      expect((await program.run("status")).code).toBe(0);
    }
    const path = folder.file("served/lull.db");
    const program = await programWith({ folder, database: path });
    await using sidecar = await program.serve();
    expect(await check(sidecar.url)).toBe(204);
    expect(existsSync(path)).toBe(true);
  });
});

describe("a read-only file system", () => {
  test.each([
    ["with a database", true],
    ["without one", false],
  ])("%s", async (_sentence, hasDatabase) => {
    await using folder = temporaryFolder();
    await using place = await mountPlace(folder, "size=4m");
    if (place === null) return;
    const database = `${place.path}/lull.db`;
    const program = await programWith({ folder, database, prefix: place.prefix });
    if (hasDatabase) {
      expect((await program.run("setmaintenance", "on", "--offline")).code).toBe(0);
      await place.shell(`rm -f ${database}-wal ${database}-shm`);
    }
    await place.shell(`mount -o remount,ro ${place.path}`);
    const readOnly = `lull: database ${database}: it is read-only; mount the file system writable, or move the database (setting database)\n`;
    const missing = `lull: database ${database}: does not exist yet; "lull migrate" makes it, and so does the first command that changes something\n`;
    for (const words of commands) {
      const errors = !hasDatabase && words[0] === "status" ? missing : readOnly;
      expect({ words, ...(await program.run(...words)) }).toEqual({ words, code: 5, output: "", errors });
    }
    await place.shell(`mount -o remount,rw ${place.path}`);
    expect((await program.run("setmaintenance", "off", "--offline")).code).toBe(0);
  });

  test("that becomes so while the sidecar runs: it keeps its verdicts, and follows again afterwards", async () => {
    await using folder = temporaryFolder();
    await using place = await mountPlace(folder, "size=4m");
    if (place === null) return;
    const database = `${place.path}/lull.db`;
    const program = await programWith({ folder, database, prefix: place.prefix });
    await program.run("setmaintenance", "on", "--offline");
    await using sidecar = await program.serve();
    expect(await check(sidecar.url)).toBe(403);
    // A file system with files open for writing is made read-only only by force; what is bound over it is not.
    await place.shell(`mount --bind ${place.path} ${place.path} && mount -o remount,bind,ro ${place.path}`);
    expect((await program.run("setmaintenance", "off")).code).toBe(5);
    expect(await check(sidecar.url)).toBe(403);
    await place.shell(`umount ${place.path}`);
    expect((await program.run("setmaintenance", "off")).code).toBe(0);
    expect(await check(sidecar.url)).toBe(204);
  });
});

describe("a full disk", () => {
  const full = (path: string) =>
    `lull: database ${path}: the disk is full; make room and try again (nothing was changed)\n`;

  test("on which there is no database yet", async () => {
    await using folder = temporaryFolder();
    await using place = await mountPlace(folder, "size=64k");
    if (place === null) return;
    const database = `${place.path}/lull.db`;
    const program = await programWith({ folder, database, prefix: place.prefix });
    await place.shell(`dd if=/dev/zero of=${place.path}/filler bs=1k 2>/dev/null; [ -s ${place.path}/filler ]`);
    for (const words of commands.filter(([name]) => name !== "status")) {
      expect({ words, ...(await program.run(...words)) }).toEqual({
        words,
        code: 5,
        output: "",
        errors: full(database),
      });
    }
    await place.shell(`mount -o remount,size=4m ${place.path}`);
    expect((await program.run("setmaintenance", "on", "--offline")).code).toBe(0);
  });

  test("while the sidecar runs: it keeps its verdicts, nothing is lost, and all is well when there is room", async () => {
    await using folder = temporaryFolder();
    await using place = await mountPlace(folder, "size=1m");
    if (place === null) return;
    const database = `${place.path}/lull.db`;
    const program = await programWith({ folder, database, prefix: place.prefix });
    await using sidecar = await program.serve();
    expect((await program.run("setmaintenance", "on")).code).toBe(0);
    expect(await check(sidecar.url)).toBe(403);
    await place.shell(`dd if=/dev/zero of=${place.path}/filler bs=1k 2>/dev/null; [ -s ${place.path}/filler ]`);
    const ended = await program.run("setmaintenance", "off");
    expect(ended).toEqual({ code: 5, output: "", errors: full(database) });
    const backup = await program.run("backup", `${place.path}/copy.db`);
    expect(backup).toEqual({
      code: 1,
      output: "",
      errors: `lull: ${place.path}/copy.db: the disk is full; make room, or name another file\n`,
    });
    expect(readdirSync(place.outside).filter((name) => name.includes("copy"))).toEqual([]);
    expect(await check(sidecar.url)).toBe(403);
    await place.shell(`rm ${place.path}/filler`);
    expect((await program.run("setmaintenance", "off")).code).toBe(0);
    expect(await check(sidecar.url)).toBe(204);
    const audit = JSON.parse((await program.run("audit", "--json")).output);
    expect(audit).toMatchObject({ schemaVersion: 1 });
    sidecar.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
  });
});
