import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, renameSync, statSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { LullError } from "../gate/error.ts";

export interface SocketAccess {
  /** Permission bits. */
  readonly mode: number;
  /** null: the process's own. */
  readonly groupId: number | null;
}

/** What stands at a socket's name: nothing that answers, or a process that does. */
export type SocketState = "free" | "live";

/** Asks whether anybody answers there; throws LullError `refused` when that is not ours to replace. */
export async function socketState(path: string): Promise<SocketState> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "free";
  if (!found.isSocket()) {
    throw new LullError(
      "refused",
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
      "refused",
      `unix:${path} cannot be listened on: ${messageOf(error)}; remove it if nothing uses it`,
    );
  }
}

/** The name that is bound: clients never see it, and Bun's `stop()` removes it and not the name that a successor has taken over. */
export function boundName(path: string): string {
  return `${path}.${process.pid}`;
}

/** Makes the socket's folder where only that one is missing: `/run` is empty after every boot. */
export function makeFolder(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder) && existsSync(dirname(folder))) mkdirSync(folder, { mode: 0o755 });
}

/**
 * Makes a bound socket reachable under its name, in place of whatever is there, without a moment in which there is
 * none. Without a group of its own it keeps that of the socket which it replaces: a proxy must not lose its access.
 */
export function publishSocket(path: string, access: SocketAccess): void {
  const bound = boundName(path);
  const { uid, gid } = statSync(bound);
  chmodSync(bound, access.mode);
  const wanted = access.groupId ?? lstatSync(path, { throwIfNoEntry: false })?.gid ?? gid;
  if (wanted !== gid) chownSync(bound, uid, wanted);
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
