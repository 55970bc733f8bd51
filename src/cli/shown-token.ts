import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { TokenSettings } from "../config/staff.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import { explainToken, type TokenExplanation } from "../staff/explain-token.ts";
import type { Given } from "./arguments.ts";
import { refuseBoth } from "./refuse-both.ts";
import type { Shell } from "./shell.ts";

/** What the token of `--token-file` is worth at an instant; null: none is shown. Throws LullError. */
export async function shownToken(
  shell: Shell,
  given: Given,
  means: { readonly settings: TokenSettings | null; readonly now: InstantMs },
): Promise<TokenExplanation | null> {
  const file = given.text("token-file");
  if (file === undefined) return null;
  refuseBoth(given, "as", "token-file");
  if (file === "-" && given.text("uri-file") === "-")
    throw new LullError("usage", "--uri-file and --token-file cannot both be standard input; name a file for one");
  const bytes = file === "-" ? await shell.readInput() : await readBytes(resolve(shell.machine.workingFolder, file));
  const token = Buffer.from(bytes).toString("latin1").trim();
  return await explainToken(token.replace(/^bearer +/i, ""), means.settings, means.now);
}

/** In words for people. */
export function describeToken({ standing, reason }: TokenExplanation): string {
  if (standing === null) return `does not count: ${reason}`;
  return `counts: its bearer is ${standing === "staff" ? "staff" : "a superuser"}`;
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch {
    throw new LullError("usage", `--token-file "${file}" cannot be read; name a file, or - for standard input`);
  }
}
