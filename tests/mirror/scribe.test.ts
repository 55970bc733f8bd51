import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { covers, readWritten, recordWritten, type Written, yieldsTo } from "../../src/mirror/scribe.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const own: Written = { instance: "own", pid: 100, machine: "here", startedAt: 1_000, database: "d", revision: 5 };
const other: Written = { ...own, instance: "other", pid: 200 };
const living = () => true;

test.each([
  ["nobody", null, false],
  ["itself", own, false],
  ["who knows a newer revision", { ...other, revision: 6, startedAt: 1 }, true],
  ["not who knows an older one, though it is younger", { ...other, revision: 4, startedAt: 2_000 }, false],
  ["who knows the same and started later", { ...other, startedAt: 1_001 }, true],
  ["not who knows the same and started earlier", { ...other, startedAt: 999 }, false],
  ["one of two that started in the same instant", { ...other, instance: "zzz" }, true],
  ["and not the other", { ...other, instance: "aaa" }, false],
  ["who started later with another database", { ...other, database: "e", revision: 1, startedAt: 1_001 }, true],
  [
    "nobody of another boot or container, whose process numbers mean nothing",
    { ...other, machine: "there", revision: 6 },
    false,
  ],
  ["no command, which does not go on", { ...other, instance: "command", revision: 6, startedAt: 2_000 }, false],
  ["nobody whose number is its own", { ...other, pid: 100, revision: 6 }, false],
] as const)("a writer gives way to %s", (_sentence, written, gives) => {
  expect(yieldsTo(own, written, living)).toBe(gives);
});

test("nobody gives way to the dead, and of two that live never both nor none", () => {
  expect(yieldsTo(own, { ...other, revision: 6 }, () => false)).toBe(false);
  for (const change of [
    { revision: 6 },
    { revision: 4 },
    { startedAt: 5 },
    { startedAt: 5_000 },
    { instance: "a" },
    { database: "x" },
  ]) {
    const there = { ...other, ...change };
    expect(yieldsTo(own, there, living)).toBe(!yieldsTo(there, own, living));
  }
});

test("what a newer revision's writer has written covers ours", () => {
  expect(covers({ ...other, revision: 6 }, own)).toBe(true);
  expect(covers({ ...other, revision: 5 }, own)).toBe(true);
  expect(covers({ ...other, revision: 4 }, own)).toBe(false);
  expect(covers({ ...other, database: "e", revision: 9 }, own)).toBe(false);
});

test("a record is read as it was written, and anything else is none", async () => {
  await using folder = temporaryFolder();
  expect(await readWritten(folder.path)).toBe(null);
  await recordWritten(folder.path, own);
  expect(await readWritten(folder.path)).toEqual(own);
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    '{"instance":"x"}',
    JSON.stringify({ ...own, pid: 1 }),
    JSON.stringify({ ...own, pid: -5 }),
  ]) {
    writeFileSync(folder.file("mirror.json"), text);
    expect(await readWritten(folder.path)).toBe(null);
  }
});
