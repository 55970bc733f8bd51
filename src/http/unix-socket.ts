import { chmodSync, chownSync, lstatSync, renameSync, statSync, unlinkSync } from "node:fs";
import { LullError } from "../gate/error.ts";

export interface SocketAccess {
  /** Permission bits. */
  readonly mode: number;
  /** null: the process's own. */
  readonly groupId: number | null;
}

/** What stands at a socket's name: nothing that answers, or a process that does. */
export type SocketState = "free" | "live";

/** Asks whether anybody answers there; throws LullError `unreachable` when that is not ours to replace. */
export async function socketState(path: string): Promise<SocketState> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "free";
  if (!found.isSocket()) {
    throw new LullError(
      "unreachable",
      `unix:${path} cannot be listened on: there is a file that is not a socket; move it away`,
    );
  }
  try {
    const connection = await Bun.connect({ unix: path, socket: { data() {} } });
    connection.end();
    return "live";
  } catch (error) {
    // ECONNREFUSED: what a killed process left behind.
    if (codeOf(error) === "ECONNREFUSED" || codeOf(error) === "ENOENT") return "free";
    throw new LullError(
      "unreachable",
      `unix:${path} cannot be listened on: ${messageOf(error)}; remove it if nothing uses it`,
    );
  }
}

/** The name that is bound: clients never see it, and Bun's `stop()` removes it and not the name that a successor has taken over. */
export function boundName(path: string): string {
  return `${path}.${process.pid}`;
}

/** Makes a bound socket reachable under its name, in place of whatever is there, without a moment in which there is none. */
export function publishSocket(path: string, access: SocketAccess): void {
  const bound = boundName(path);
  chmodSync(bound, access.mode);
  if (access.groupId !== null) chownSync(bound, statSync(bound).uid, access.groupId);
  renameSync(bound, path);
}

/** Removes what a killed process with our process id left. */
export function clearBoundName(path: string): void {
  const bound = boundName(path);
  if (lstatSync(bound, { throwIfNoEntry: false })?.isSocket()) unlinkSync(bound);
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
