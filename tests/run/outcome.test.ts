import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod, writeFile } from "node:fs/promises";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { supervise } from "./supervised.ts";
import { canForbidJit, withoutJit } from "./without-jit-process.ts";

const folder = temporaryFolder();
beforeAll(async () => {
  await writeFile(folder.file("not-executable"), "#!/bin/sh\n");
  await writeFile(folder.file("no-first-line"), "exit 9\n");
  await writeFile(folder.file("foreign"), "\u007fELF\0, but no more of it");
  await writeFile(folder.file("no-interpreter"), "#!/no/such/interpreter\n");
  for (const name of ["no-first-line", "foreign", "no-interpreter"]) await chmod(folder.file(name), 0o755);
});
afterAll(() => folder.remove());

const places = [
  ["with system calls", (words: readonly string[]) => words],
  ["without", withoutJit],
] as const;

describe.each(places)("the end of COMMAND, %s", (place, prefix) => {
  const skips = place === "without" && !canForbidJit();
  test.skipIf(skips).each([
    ["its own code", ["sh", "-c", "exit 3"], { kind: "ended", code: 3, endedBy: "itself" }, /^$/],
    ["none", ["true"], { kind: "ended", code: 0, endedBy: "itself" }, /^$/],
    ["128 + n for a signal", ["sh", "-c", "kill -9 $$"], { kind: "ended", code: 137, endedBy: "itself" }, /^$/],
    ["a signal without a name", ["sh", "-c", "kill -34 $$"], { kind: "ended", code: 162, endedBy: "itself" }, /^$/],
    ["a code that lull has too", ["sh", "-c", "exit 127"], { kind: "ended", code: 127, endedBy: "itself" }, /^$/],
    ["a file of commands", [folder.file("no-first-line")], { kind: "ended", code: 9, endedBy: "itself" }, /^$/],
    [
      "no such command",
      ["no-such-command"],
      { kind: "not-started", code: 127 },
      /^lull: [^\n]*"no-such-command"[^\n]*\n$/,
    ],
    ["no such file", ["./no-such-file"], { kind: "not-started", code: 127 }, /^lull: [^\n]*no such file\n$/],
    ["an empty name", [""], { kind: "not-started", code: 127 }, /^lull: cannot run ""/],
    ["a folder", ["/tmp"], { kind: "not-started", code: 126 }, /^lull: [^\n]*a folder\n$/],
    [
      "not executable",
      [folder.file("not-executable")],
      { kind: "not-started", code: 126 },
      /^lull: [^\n]*chmod[^\n]*\n$/,
    ],
    ["no program", [folder.file("foreign")], { kind: "not-started", code: 126 }, /^lull: [^\n]*cannot execute it\n$/],
    [
      "no interpreter",
      [folder.file("no-interpreter")],
      { kind: "not-started", code: 126 },
      /^lull: [^\n]*cannot execute/,
    ],
  ] as const)("%s", async (_, argv, end, said) => {
    await using run = supervise(argv, { prefix });
    expect(await run.exited).toBe(end.code);
    expect(run.end()).toEqual(end);
    expect(await run.errors).toMatch(said);
  });
});

test("lull that cannot start itself again has not started COMMAND", async () => {
  await using run = supervise(["touch", folder.file("touched")], { program: ["/no/such/lull"] });
  expect(await run.exited).toBe(125);
  expect(run.end()).toEqual({ kind: "not-started", code: 125 });
  expect(await run.errors).toMatch(/^lull: "touch" was not started: [^\n]*\/no\/such\/lull[^\n]*\n$/);
  expect(await Bun.file(folder.file("touched")).exists()).toBe(false);
});
