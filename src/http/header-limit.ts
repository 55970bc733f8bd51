import http from "node:http";

/** More than any proxy forwards (nginx by default 4 x 8 KiB). */
const mostHeaderBytes = 256 * 1024;

/**
 * Bun answers 431 above 16 KiB by itself, which a proxy would take for a failed check. The limit is the process's;
 * listeners opened after this have it.
 */
export function raiseHeaderLimit(): void {
  Object.assign(http, { maxHeaderSize: mostHeaderBytes });
}
