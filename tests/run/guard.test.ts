/** COMMAND's standard output ends when all that COMMAND started has ended: the guard and lull do not hold it. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { isGroupRunning } from "../../src/run/process-group.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { supervise, until } from "./supervised.ts";
import { lullFromSource } from "./supervising-process.ts";
import { canForbidJit, withoutJit } from "./without-jit-process.ts";

/** With a child, and a child of that. */
const family = 'sh -c "sleep 600 & echo $$ up; wait" & wait';
const stubborn = "trap '' TERM; echo $$ up; while :; do sleep 0.01; done";

describe("kill -9 of lull", () => {
  test("ends COMMAND and its children at once, with a word", async () => {
    await using run = supervise(["sh", "-c", family], { leaseMs: 300_000 });
    await run.printed("up");
    run.kill("SIGKILL");
    await run.output;
    expect(await run.errors).toBe("lull: lull run was killed, so its command was ended with SIGTERM\n");
  });

  test("gives COMMAND the time of the grace to end as it likes", async () => {
    await using run = supervise([
      "sh",
      "-c",
      "trap 'sleep 0.2; echo bye; exit' TERM; echo up; while :; do sleep 0.01; done",
    ]);
    await run.printed("up");
    run.kill("SIGKILL");
    expect(await run.output).toBe("up\nbye\n");
  });

  test("ends one that ignores SIGTERM", async () => {
    await using run = supervise(["sh", "-c", stubborn], { leaseMs: 3_000 });
    await run.printed("up");
    run.kill("SIGKILL");
    await run.output;
    expect(await run.errors).toMatch(/^lull: [^\n]*SIGKILL: SIGTERM did not suffice\n$/);
  });

  test("and of all in its group does not reach the guard", async () => {
    const ownGroup = (words: readonly string[]) => ["setsid", "--wait", ...words];
    await using run = supervise(["sh", "-c", family], { prefix: ownGroup });
    await run.printed("up");
    process.kill(-(await run.lull()), "SIGKILL");
    await run.output;
    expect(await run.errors).toMatch(/^lull: lull run was killed/);
  });

  test("together with its guard ends at least COMMAND itself", async () => {
    await using run = supervise(["sh", "-c", "echo up; exec sleep 600"]);
    await run.printed("up");
    const guard = await run.guard();
    process.kill(guard, "SIGKILL");
    run.kill("SIGKILL");
    await run.output;
  });

  test.skipIf(!canForbidJit())("ends COMMAND also without system calls", async () => {
    await using run = supervise(["sh", "-c", family], { prefix: withoutJit });
    await run.printed("up");
    process.kill(await run.lull(), "SIGKILL");
    await run.output;
    expect(await run.errors).toMatch(/was killed/);
  });
});

describe("before the lease is over COMMAND has ended", () => {
  const leaseMs = 3_000;
  test.concurrent.each([
    ["when lull is frozen", "works", family, 143],
    ["when lull is frozen and COMMAND is stubborn", "works", stubborn, 137],
    ["when no renewal succeeds", "fails", family, 143],
    ["when a renewal never ends", "hangs", stubborn, 137],
  ] as const)("%s", async (_, renewal, script, code) => {
    await using run = supervise(["sh", "-c", script], { leaseMs, renewal });
    await run.printed("up");
    if (renewal === "works") run.kill("SIGSTOP");
    await until(() => (isGroupRunning(run.command()) ? undefined : true));
    const endedAtMs = Date.now();
    expect(endedAtMs).toBeLessThan((run.leasedAtMs().at(-1) ?? 0) + leaseMs);
    run.kill("SIGCONT");
    expect(await run.exited).toBe(code);
    expect(run.end()).toEqual({ kind: "ended", code, endedBy: "guard" });
    expect(await run.errors).toContain("lull: the hold was not renewed in time, so its command was ended with SIG");
  });

  test.concurrent("and no sooner while it is renewed, which is said when it was in doubt", async () => {
    await using run = supervise(["sleep", "4"], { leaseMs, renewal: "works at the third time" });
    expect(await run.exited).toBe(0);
    expect(run.leasedAtMs().length).toBeGreaterThan(3);
    expect(await run.errors).toBe(
      "lull: the hold could not be renewed, and is tried again: the database is away\nlull: the hold is renewed again\n",
    );
  }, 15_000);
});

describe("the guard", () => {
  test("is replaced when it is killed, and the next one guards", async () => {
    await using run = supervise(["sh", "-c", family]);
    await run.printed("up");
    const first = await run.guard();
    process.kill(first, "SIGKILL");
    await run.said("lull: the guard process was killed, and has been replaced\n");
    run.kill("SIGKILL");
    await run.output;
    expect(await run.errors).toContain("lull: lull run was killed");
  });

  test("is not ended by what ends others", async () => {
    await using run = supervise(["sh", "-c", family]);
    await run.printed("up");
    const guard = await run.guard();
    // Frozen, it cannot replace the guard.
    run.kill("SIGSTOP");
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const) process.kill(guard, signal);
    run.kill("SIGKILL");
    await run.output;
    expect(await run.errors).toMatch(/^lull: lull run was killed/);
  });

  test("goes with COMMAND, without a word", async () => {
    await using run = supervise(["sh", "-c", "echo up; read line; exit 4"]);
    await run.printed("up");
    const guard = await run.guard();
    run.write("\n");
    expect(await run.exited).toBe(4);
    expect(await run.errors).toBe("");
    expect(isGroupRunning(guard)).toBe(false);
  });

  test("that cannot be replaced takes COMMAND with it", async () => {
    await using folder = temporaryFolder();
    const program = folder.file("lull");
    await writeFile(program, `exec ${lullFromSource.join(" ")} "$@"\n`);
    await using run = supervise(["sh", "-c", family], { program: ["sh", program] });
    await run.printed("up");
    await rm(program);
    process.kill(await run.guard(), "SIGKILL");
    expect(await run.exited).toBe(143);
    expect(run.end()).toEqual({ kind: "ended", code: 143, endedBy: "lull" });
    await run.output;
    expect(await run.errors).toContain(
      "lull: the command is ended, because nothing would end it if lull were killed: ",
    );
  });

  test("is there before COMMAND is: a signal in between starts nothing", async () => {
    await using folder = temporaryFolder();
    const script = `until [ -e ${folder.file("go")} ]; do echo waiting; sleep 0.01; done; exec "$@"`;
    const program = ["sh", "-c", script, "sh", ...lullFromSource];
    await using run = supervise(["echo", "started"], { program });
    await run.printed("waiting");
    run.kill("SIGINT");
    await until(() => (isPending(run.processId, 2) ? undefined : true));
    await writeFile(folder.file("go"), "");
    expect(await run.exited).toBe(130);
    expect(run.end()).toEqual({ kind: "not-started", code: 130 });
    expect(await run.output).not.toContain("started");
  });
});

function isPending(id: number, signal: number): boolean {
  const mask = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? "0";
  return (BigInt(`0x${mask}`) >> BigInt(signal - 1)) % 2n === 1n;
}
