import { readFileSync, readlinkSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { formatListenAddress, type ListenAddress } from "../config/listen.ts";
import { LullError } from "../gate/error.ts";

/** A running sidecar that answers on an address that is wanted. */
export interface Predecessor {
  readonly pid: number;
  readonly instance: string;
}

const askTimeoutMs = 2_000;
const anyAddress: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };

/** Within which process ids mean the same: this boot of this machine, and this process namespace. */
export function machineIdentity(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/**
 * Who answers on these addresses, without repetition. Throws LullError `refused` when somebody does who cannot be told
 * to stop: another program, another user's, another container's.
 */
export async function findPredecessors(addresses: readonly ListenAddress[], machine: string): Promise<Predecessor[]> {
  const found = new Map<number, Predecessor>();
  for (const address of addresses) {
    const health = await askHealth(address);
    if (health === null) continue;
    const where = formatListenAddress(address);
    const predecessor = readPredecessor(health);
    if (predecessor === null || predecessor.pid === process.pid) {
      throw new LullError(
        "refused",
        `${where} is in use by something that is not lull; stop it, or change the setting listen`,
      );
    }
    if (predecessor.machine !== machine) {
      throw new LullError(
        "refused",
        `${where} is in use by a lull of another container or machine; stop that one first`,
      );
    }
    // Its word is enough only from our own user: a TCP port can be shared with nobody else, a socket file has an owner.
    if (address.kind === "unix" && statSync(address.path).uid !== process.geteuid?.()) {
      throw new LullError(
        "refused",
        `${where} belongs to another user; start as that user, or stop that sidecar first`,
      );
    }
    found.set(predecessor.pid, { pid: predecessor.pid, instance: predecessor.instance });
  }
  return [...found.values()];
}

/** Asks a predecessor to drain and to end. It may have ended by itself. */
export function dismiss(predecessor: Predecessor): void {
  try {
    process.kill(predecessor.pid, "SIGTERM");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** The answer of `/healthz`, or null when nobody listens. */
async function askHealth(address: ListenAddress): Promise<string | null> {
  if (address.kind === "tcp" && address.port === 0) return null;
  const signal = AbortSignal.timeout(askTimeoutMs);
  try {
    const response =
      address.kind === "unix"
        ? await fetch("http://localhost/healthz", { unix: address.path, signal, keepalive: false })
        : await fetch(`http://${hostOf(address.host)}:${address.port}/healthz`, { signal, keepalive: false });
    return await response.text();
  } catch {
    if (signal.aborted) {
      throw new LullError(
        "refused",
        `${formatListenAddress(address)} is in use by something that does not answer; stop it first`,
      );
    }
    return null;
  }
}

function hostOf(host: string): string {
  return anyAddress[host] ?? (host.includes(":") ? `[${host}]` : host);
}

function readPredecessor(text: string): (Predecessor & { readonly machine: string }) | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null) return null;
    if (!("product" in body && "pid" in body && "instance" in body && "machine" in body)) return null;
    const { product, pid, instance, machine } = body;
    if (product !== "lull" || typeof pid !== "number" || !Number.isSafeInteger(pid) || pid < 2) return null;
    return typeof instance === "string" && typeof machine === "string" ? { pid, instance, machine } : null;
  } catch {
    return null;
  }
}
