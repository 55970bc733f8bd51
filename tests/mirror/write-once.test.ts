import { expect, test } from "bun:test";
import { createMirrorFolder } from "../../src/mirror/mirror-folder.ts";
import { createLookout } from "../../src/mirror/outlook.ts";
import { readWritten, recordWritten, type Written } from "../../src/mirror/scribe.ts";
import { isLivingScribe, writeMirrorOnce } from "../../src/mirror/write-once.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { closing, flagsIn, pageOf } from "./mirror-scene.ts";

const command = { instance: "command", pid: process.pid, machine: "here", startedAt: 1_000 };
const isAlive = () => true;

test.each([
  ["a sidecar that lives does", { instance: "sidecar" }, true],
  ["a command that lives does not: it wrote once", { instance: "command" }, false],
] as const)("%s go on writing", (_sentence, change, goesOn) => {
  const written: Written = { ...command, pid: 4_000_001, database: "d", revision: 1, ...change };
  expect(isLivingScribe(written, { ...command, isAlive })).toBe(goesOn);
});

test("a command that read an older revision leaves what another has written meanwhile", async () => {
  await using folder = temporaryFolder();
  const root = folder.file("mirror");
  const options = { root, renderPage: pageOf, isAlive, scribe: command, now: Date.now() };
  const slower = closing([], 5);
  await writeMirrorOnce(closing([{ siteId: 2 }], 6), { ...options, before: null });
  expect(await writeMirrorOnce(slower, { ...options, before: null })).toBe("superseded");
  expect(flagsIn(root)).toEqual(["closed/2"]);
  // What was there before its snapshot was read is of a database that was put back.
  expect(await writeMirrorOnce(slower, { ...options, before: await readWritten(root) })).toBe("written");
  expect(flagsIn(root)).toEqual([]);
});

test("whether something newer is there is looked at right before flags are lowered", async () => {
  await using folder = temporaryFolder();
  const root = folder.file("mirror");
  const written = { ...command, database: "d", revision: 5 };
  let isNewer = false;
  const writer = createMirrorFolder({ root, renderPage: pageOf, isAlive, isSuperseded: async () => isNewer });
  const write = async (periods: Parameters<typeof closing>[0]) => {
    const snapshot = closing(periods);
    return writer.writeStates(snapshot, await createLookout().look(snapshot, Date.now()), written);
  };
  expect(await write([{ siteId: 2 }])).toBe("written");
  await recordWritten(root, { ...written, revision: 6 });
  isNewer = true;
  expect(await write([{ siteId: 3 }])).toBe("superseded");
  expect(flagsIn(root)).toContain("closed/2");
  expect(await readWritten(root)).toMatchObject({ revision: 6 });
});
