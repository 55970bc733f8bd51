import { expect, test } from "bun:test";
import {
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { makeFlagSource } from "../../src/mirror/flags.ts";
import { makeFolders } from "../../src/mirror/make-folders.ts";
import { createFile, isRoot, placeFile } from "../../src/mirror/place-file.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { closing, contentsOf, makeFlagFolders, mirrorScene } from "./mirror-scene.ts";

const nobody = 65_534;

test("what flags are names of serves whoever it belongs to, and is not touched", async () => {
  await using folder = temporaryFolder();
  writeFileSync(folder.file(".lull-flag"), "", { mode: 0o400 });
  await makeFlagSource(folder.path);
  expect(statSync(folder.file(".lull-flag")).mode & 0o777).toBe(0o400);
});

test("a link in the place of what flags are names of goes, and what it leads to stays", async () => {
  await using folder = temporaryFolder();
  writeFileSync(folder.file("victim"), "mine", { mode: 0o600 });
  symlinkSync(folder.file("victim"), folder.file(".lull-flag"));
  await makeFlagSource(folder.path);
  expect(lstatSync(folder.file(".lull-flag")).isFile()).toBe(true);
  expect([readFileSync(folder.file("victim"), "utf8"), statSync(folder.file("victim")).mode & 0o777]).toEqual([
    "mine",
    0o600,
  ]);
});

test("nothing is written through a link under a name that can be guessed, nor through one at all", async () => {
  await using folder = temporaryFolder();
  writeFileSync(folder.file("victim"), "mine");
  symlinkSync(folder.file("victim"), folder.file(`.lull-${process.pid}-states.map`));
  await placeFile(folder.file("states.map"), "new");
  expect([readFileSync(folder.file("victim"), "utf8"), readFileSync(folder.file("states.map"), "utf8")]).toEqual([
    "mine",
    "new",
  ]);
  symlinkSync(folder.file("none"), folder.file("link"));
  await expect(createFile(folder.file("link"))).rejects.toThrow("EEXIST");
});

test("what a killed process with our number was writing goes, and what we are writing stays", async () => {
  await using folder = temporaryFolder();
  const [old, ours] = [`.lull-${process.pid}-0-a`, `.lull-${process.pid}-1-a`];
  for (const name of [old, ours]) writeFileSync(folder.file(name), "");
  utimesSync(folder.file(old), 1_000, 1_000);
  await makeFolders(folder.path, () => true);
  expect(Object.keys(contentsOf(folder.path))).toEqual([ours]);
});

test.if(isRoot())("what root makes belongs to who owns the folder", async () => {
  await using scene = mirrorScene({
    prepare(root) {
      makeFlagFolders(root);
      for (const each of ["", "closed", "readonly", "pages"]) chownSync(join(root, each), nobody, nobody);
    },
  });
  await scene.settle(closing([{ siteId: 2 }]));
  const files = Object.keys(contentsOf(scene.root));
  expect(files).toContain(".lull-flag");
  expect(files.filter((path) => lstatSync(join(scene.root, path)).uid !== nobody)).toEqual([]);
});

test.if(isRoot()).each([
  ["that it would have to open to others", 0o700],
  ["that all can read", 0o755],
])("root follows no link of another user to a folder %s", async (_sentence, mode) => {
  await using folder = temporaryFolder();
  const root = folder.file("mirror");
  const victim = folder.file("victim");
  for (const each of [root, victim]) mkdirSync(each, { mode });
  symlinkSync(victim, join(root, "closed"));
  lchownSync(join(root, "closed"), nobody, nobody);
  await expect(makeFolders(root, () => false)).rejects.toThrow();
  expect(statSync(victim).mode & 0o777).toBe(mode);
});
