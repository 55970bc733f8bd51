import { closeSync, openSync, readSync } from "node:fs";

export interface ExecutionForm {
  /** Of the file to execute. */
  readonly path: string;
  /** What stands instead of COMMAND's first word. */
  readonly firstWords: readonly string[];
}

const shell = "/bin/sh";
const looksAtBytes = 256;

/** How a shell executes a file: itself, or else, when it is a text that names no interpreter, by sh. */
export function executionForms(path: string, name: string): readonly ExecutionForm[] {
  const itself = { path, firstWords: [name] };
  return isPlainText(path) ? [itself, { path: shell, firstWords: [shell, path] }] : [itself];
}

function isPlainText(path: string): boolean {
  const bytes = new Uint8Array(looksAtBytes);
  try {
    const descriptor = openSync(path, "r");
    try {
      const start = bytes.subarray(0, readSync(descriptor, bytes));
      return !start.includes(0) && !(start[0] === 0x23 && start[1] === 0x21);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // A program need not be readable.
    return false;
  }
}
