import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { temporaryFolder } from "./support/temporary-folder.ts";

const main = join(import.meta.dir, "../src/main.ts");
const folder = temporaryFolder();
afterAll(() => folder.remove());

async function lull(argv: readonly string[], input = new Uint8Array()) {
  const env = { PATH: "/usr/bin:/bin", HOME: folder.path, LULL_DATABASE: `file:${folder.file("lull.db")}` };
  const options = { cwd: folder.path, env, stdin: input, stdout: "pipe", stderr: "pipe" } as const;
  const child = Bun.spawn([process.execPath, main, ...argv], options);
  const [code, out, err] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()]);
  return { code, out, err };
}

describe("the program", () => {
  test("puts data on standard output, words on standard error, and ends with the exit code", async () => {
    expect(await lull(["status"])).toMatchObject({ code: 5, out: "", err: expect.stringMatching(/^lull: database /) });
    expect(await lull(["setmaintenance", "on", "--offline"])).toMatchObject({ code: 0, out: "Site 1 (*) is now on\n" });
    const { out } = await lull(["status", "--json"]);
    expect(JSON.parse(out).sites[0].periods[0].owner).toMatch(/^[^@\s]+@[^@\s]+$/);
  });

  test("reads the bytes of standard input", async () => {
    const { out } = await lull(["explain", "--uri-file", "-", "--json"], new Uint8Array([0x2f, 0xe9]));
    expect(JSON.parse(out)).toMatchObject({ verdict: "closed", path: null });
  });

  test("writes whole into a pipe that is read late, and does not mind one that is not", async () => {
    const long = "x".repeat(60_000);
    for (let number = 0; number < 4; number++) await lull(["site", "set", "1", "--message", `${number}${long}`]);
    const options = { cwd: folder.path, stderr: "pipe", stdout: "pipe" } as const;
    const env = { PATH: "/usr/bin:/bin", HOME: folder.path, LULL_DATABASE: `file:${folder.file("lull.db")}` };
    const late = Bun.spawn([process.execPath, main, "audit", "--json"], { ...options, env });
    await Bun.sleep(300);
    expect(JSON.parse(await late.stdout.text()).entries).toHaveLength(5);
    expect(await late.exited).toBe(0);
    const deaf = Bun.spawn(["sh", "-c", `"$0" "$1" audit | true`, process.execPath, main], { ...options, env });
    expect([await deaf.exited, await deaf.stderr.text()]).toEqual([0, expect.not.stringContaining("EPIPE")]);
  });
});
