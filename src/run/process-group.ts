import { readdirSync, readFileSync } from "node:fs";

/** False: there is no such group any more, or all of it belongs to other users. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/** Whether a process of the group runs. One that has ended and that its parent has not asked about does not. */
export function isGroupRunning(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    // EPERM: it belongs to other users.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  if (process.platform !== "linux" || isRunning(statusOf(group))) return true;
  return readdirSync("/proc").some((name) => {
    if (!/^\d+$/.test(name)) return false;
    const status = statusOf(Number(name));
    return status?.group === group && isRunning(status);
  });
}

export interface ProcessStatus {
  /** The letter of ps: `T` is stopped, `Z` has ended. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** Null: there is no such process. See proc_pid_stat(5). Linux only. */
export function statusOf(processId: number): ProcessStatus | null {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, "latin1");
    // Behind the name, which may have spaces and brackets.
    const [state = "", ...numbers] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [parent = 0, group = 0, session = 0] = numbers.slice(0, 3).map(Number);
    return { state, parent, group, session };
  } catch {
    return null;
  }
}

function isRunning(status: ProcessStatus | null): boolean {
  return status !== null && status.state !== "Z" && status.state !== "X";
}
