/**
 * `bun without-jit-process.ts COMMAND...` runs COMMAND where no code may be made at run time, as systemd's
 * MemoryDenyWriteExecute= does, which leaves no system calls to Bun. Ends with COMMAND's exit code; 77: this kernel
 * cannot forbid it (Linux before 6.3).
 */
import { systemCalls } from "../../src/run/system-calls.ts";

/** <linux/prctl.h>: PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN. */
const setMemoryDenyWriteExecute = 65;
const refuseExecGain = 1n;

const cannotForbid = 77;

async function main(command: readonly string[]): Promise<number> {
  const forbidden = systemCalls()?.prctl(setMemoryDenyWriteExecute, refuseExecGain, 0n, 0n, 0n) === 0;
  if (!forbidden) return cannotForbid;
  const child = Bun.spawn([...command], { stdin: "inherit", stdout: "inherit", stderr: "inherit" });
  // Killed, so that who kills this process kills what it runs.
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return await child.exited;
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));

/** The command line that runs another there, if this kernel can forbid it. */
export function withoutJit(command: readonly string[]): readonly string[] {
  return [process.execPath, import.meta.path, ...command];
}

export function canForbidJit(): boolean {
  return Bun.spawnSync([...withoutJit(["true"])]).exitCode === 0;
}
