import { expect, test } from "bun:test";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { readKeyFile } from "../../src/staff/key-file.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("gives what a file holds, also behind a link", async () => {
  await using folder = temporaryFolder();
  await writeFile(folder.file("keys"), "x".repeat(1_048_576));
  await symlink(folder.file("keys"), folder.file("link"));
  for (const name of ["keys", "link"]) expect((await readKeyFile(folder.file(name))).bytes.length).toBe(1_048_576);
});

test.each<[string, (path: string) => Promise<unknown>, string]>([
  ["no file", async () => {}, "cannot be read (ENOENT): there is no such file"],
  ["a folder", (path) => mkdir(path), "is no file"],
  ["a device", (path) => symlink("/dev/zero", path), "is no file"],
  ["a pipe that nobody writes to", (path) => Bun.spawn(["mkfifo", path]).exited, "is no file"],
  ["more than 1 MB", (path) => writeFile(path, "x".repeat(1_048_577)), "is larger than 1 MB"],
])("%s gives nothing", async (_, make, message) => {
  await using folder = temporaryFolder();
  await make(folder.file("keys"));
  await expect(readKeyFile(folder.file("keys"))).rejects.toThrow(message);
});

test.each([
  [0o600, false],
  [0o640, false],
  [0o660, false],
  [0o644, true],
  [0o604, true],
])("mode %o: others can read it: %p", async (mode, isOpenToOthers) => {
  await using folder = temporaryFolder();
  await writeFile(folder.file("keys"), "x");
  await chmod(folder.file("keys"), mode);
  expect((await readKeyFile(folder.file("keys"))).isOpenToOthers).toBe(isOpenToOthers);
});
