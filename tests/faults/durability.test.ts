/** What a command has reported is on the disk: seen in the system's calls, in their order. */
import { describe, expect, test } from "bun:test";
import { basename } from "node:path";
import { needProgram } from "../support/debian.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { programWith } from "./program.ts";

const strace = await needProgram("strace");
const permitted = strace !== null && Bun.spawnSync([strace, "-o", "/dev/null", "true"]).exitCode === 0;
if (!permitted) console.log("skipped: strace is missing, or this user may not trace processes");

/** A call that matters here, such as `write lull.db-wal`. `print` is a line on standard output. */
async function callsOf(
  folder: ReturnType<typeof temporaryFolder>,
  words: readonly string[],
): Promise<readonly string[]> {
  const trace = folder.file("trace");
  const calls = "trace=openat,write,pwrite64,fsync,fdatasync,unlink,ftruncate";
  const prefix = [strace ?? "", "-f", "-y", "-s", "12", "-e", calls, "-o", trace];
  const program = await programWith({ folder, database: folder.file("data/lull.db"), prefix });
  const ended = await program.run(...words);
  expect(ended.code).toBe(0);
  const text = await Bun.file(trace).text();
  return text.split("\n").flatMap((line) => callOf(line, folder.path));
}

function callOf(line: string, folder: string): readonly string[] {
  const [, name = "", descriptor = "", path = ""] = /^\d+ +(\w+)\((\d+)<([^>]*)>/.exec(line) ?? [];
  if (name === "write" && descriptor === "1") return ["print"];
  if (!path.startsWith(`${folder}/data`)) return [];
  const verb = { write: "write", pwrite64: "write", fsync: "sync", fdatasync: "sync", ftruncate: "truncate" }[name];
  return verb === undefined ? [] : [`${verb} ${basename(path)}`];
}

describe.skipIf(!permitted)("before a command prints", () => {
  test("the change is in the -wal, and the -wal is on the disk", async () => {
    await using folder = temporaryFolder();
    const first = await callsOf(folder, ["setmaintenance", "on", "--offline"]);
    // The file, and the names of file and -wal in their folder.
    expect(first.indexOf("sync lull.db")).toBeLessThan(first.indexOf("write lull.db-wal"));
    expect(first.filter((call) => call === "sync data").length).toBeGreaterThanOrEqual(2);
    for (const calls of [first, await callsOf(folder, ["setmaintenance", "off", "--offline"])]) {
      const said = calls.slice(0, calls.indexOf("print"));
      const written = said.lastIndexOf("write lull.db-wal");
      expect(written).toBeGreaterThan(0);
      expect(said.slice(written)).toContain("sync lull.db-wal");
    }
  });

  test("the folder that was made is on the disk, and so is a copy", async () => {
    await using folder = temporaryFolder();
    await callsOf(folder, ["migrate"]);
    const calls = await callsOf(folder, ["backup", folder.file("data/copy.db")]);
    const said = calls.slice(0, calls.indexOf("print"));
    const copied = said.filter((call) => call.includes("copy.db") || call === "sync data");
    expect(copied.at(-1)).toBe("sync data");
    expect(copied.at(-2)).toMatch(/^sync copy\.db\.\d+\.partial$/);
  });

  test("what it wrote is in the file itself before it is cut out of the -wal", async () => {
    await using folder = temporaryFolder();
    const calls = await callsOf(folder, ["setmaintenance", "on", "--offline"]);
    const cut = calls.lastIndexOf("truncate lull.db-wal");
    expect(cut).toBeGreaterThan(0);
    const before = calls.slice(0, cut);
    const written = before.lastIndexOf("write lull.db");
    expect(written).toBeGreaterThan(before.lastIndexOf("write lull.db-wal"));
    expect(before.slice(written)).toContain("sync lull.db");
  });
});
