import { isAbsolute } from "node:path";
import { LullError } from "../gate/error.ts";
import { parseIpAddress } from "../gate/ip-address.ts";

/** Where a listener is. Port 0 is any free one. */
export type ListenAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

const FORMS = 'use an address with a port such as "127.0.0.1:8503" or "[::1]:8503", or "unix:/run/lull/lull.sock"';
/** Linux takes 107 bytes, and a process first binds the name with `.` and its id, of seven digits at the most. */
const LONGEST_SOCKET_PATH_BYTES = 99;

/** Takes `127.0.0.1:8503`, `[::1]:8503` or `unix:/run/lull/lull.sock` apart. Throws LullError `usage`. */
export function parseListenAddress(text: string): ListenAddress {
  if (text.startsWith("unix:")) return { kind: "unix", path: socketPath(text.slice("unix:".length), text) };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) throw unusable(text, FORMS);
  if (bracketed?.includes(":") && parseIpAddress(bracketed) !== null) {
    return { kind: "tcp", host: canonicalIpv6(bracketed), port };
  }
  if (plain !== undefined && parseIpAddress(plain)?.family === 4) return { kind: "tcp", host: plain, port };
  // A name can mean several addresses, or others tomorrow.
  throw unusable(text, `the host must be an address, not a name; ${FORMS}`);
}

/** The one way to write an address: two texts mean the same listener when these are equal. */
export function formatListenAddress(address: ListenAddress): string {
  switch (address.kind) {
    case "tcp":
      return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
    case "unix":
      return `unix:${address.path}`;
  }
}

function socketPath(path: string, text: string): string {
  if (!isAbsolute(path) || path.endsWith("/") || path.includes("\0")) {
    throw unusable(text, 'a socket needs an absolute path, such as "unix:/run/lull/lull.sock"');
  }
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH_BYTES) {
    throw unusable(text, `a socket's path has at most ${LONGEST_SOCKET_PATH_BYTES} bytes`);
  }
  return path;
}

function canonicalIpv6(host: string): string {
  return new URL(`http://[${host}]`).hostname.slice(1, -1);
}

function unusable(text: string, advice: string): LullError {
  return new LullError("usage", `${JSON.stringify(text)} cannot be listened on: ${advice}`);
}
