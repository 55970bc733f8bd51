import { describe, expect, test } from "bun:test";
import { constants } from "node:os";
import { supervise } from "./supervised.ts";
import { canForbidJit, withoutJit } from "./without-jit-process.ts";

/** Says each signal that it gets. */
const listener = `
  for name in INT TERM HUP QUIT USR1 USR2 WINCH CONT; do trap "echo $name." $name; done
  echo up; while :; do sleep 0.01; done`;

describe("a signal that lull gets", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGCONT"] as const)(
    "%s reaches COMMAND, and lull waits for it",
    async (signal) => {
      await using run = supervise(["bash", "-c", `${listener}`]);
      await run.printed("up");
      run.kill(signal);
      await run.printed(`${signal.slice(3)}.`);
      expect(run.end()).toBe(null);
      run.kill("SIGTERM");
      await run.printed("TERM.");
    },
  );

  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"] as const)(
    "%s that ends COMMAND is in its code",
    async (signal) => {
      await using run = supervise(["sh", "-c", "echo up; exec sleep 600"]);
      await run.printed("up");
      run.kill(signal);
      expect(await run.exited).toBe(128 + constants.signals[signal]);
      expect(run.end()).toEqual({ kind: "ended", code: 128 + constants.signals[signal], endedBy: "itself" });
    },
  );

  test("reaches the whole group", async () => {
    await using run = supervise([
      "sh",
      "-c",
      "(trap 'echo child; exit' TERM; echo up; while :; do sleep 0.01; done) & wait",
    ]);
    await run.printed("up");
    run.kill("SIGTERM");
    expect(await run.output).toBe("up\nchild\n");
  });

  test("SIGTSTP stops COMMAND, and SIGCONT continues it", async () => {
    await using run = supervise(["sh", "-c", "echo $$; while :; do sleep 0.01; done"]);
    await run.printed("\n");
    run.kill("SIGTSTP");
    await run.stateOfCommand("T");
    run.kill("SIGCONT");
    await run.stateOfCommand("S");
  });

  test.skipIf(!canForbidJit())("reaches COMMAND also without system calls, and lull waits for it", async () => {
    await using run = supervise(
      ["bash", "-c", `${listener.replace("echo up", "trap 'echo bye; exit 5' TERM; echo up")}`],
      {
        prefix: withoutJit,
      },
    );
    await run.printed("up");
    process.kill(await run.lull(), "SIGUSR1");
    await run.printed("USR1.");
    process.kill(await run.lull(), "SIGTERM");
    expect(await run.output).toBe("up\nUSR1.\nbye\n");
    expect(await run.exited).toBe(5);
  });
});
