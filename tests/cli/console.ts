import { run } from "../../src/cli/run.ts";
import type { Shell } from "../../src/cli/shell.ts";
import { databaseUrl } from "../../src/config/database.ts";
import type { Machine } from "../../src/config/machine.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { type MachineParts, machineWith } from "../support/machine.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

export const noon = Date.UTC(2026, 10, 20, 12);
export const hourMs = 3_600_000;

/** What a command said, and how it ended. */
export interface Said {
  readonly code: number;
  /** Standard output, whole. */
  readonly out: string;
  /** Standard error, whole. */
  readonly err: string;
}

export interface ConsoleParts {
  readonly environment?: Readonly<Record<string, string>>;
  readonly machine?: MachineParts;
  readonly actor?: string;
  /** Lines of lull.toml. */
  readonly settings?: readonly string[];
}

/** A terminal with a database of its own in a temporary folder, at noon until the clock is moved. */
export interface Console extends AsyncDisposable {
  /** One command line without quotes, as a shell splits it: `lull("site list")`. */
  lull(line: string): Promise<Said>;
  /** The same word by word. */
  call(...argv: readonly string[]): Promise<Said>;
  /** The one object that a command line prints with `--json`. */
  json(line: string): Promise<Record<string, unknown>>;
  /** What the next command reads from standard input. */
  type(input: Uint8Array): void;
  as(actor: string): void;
  readonly clock: { elapsedMs: number };
  readonly machine: Machine;
  readonly path: string;
  file(name: string): string;
  /** The database, to look and to meddle. */
  open(): Promise<Database>;
}

export function openConsole({
  environment = {},
  machine = {},
  actor = "ada@desk",
  settings = [],
}: ConsoleParts = {}): Console {
  const folder = temporaryFolder();
  const path = folder.file("lull.db");
  const config = folder.file("lull.toml");
  const text = [`database = ${JSON.stringify(databaseUrl(path))}`, 'timezone = "UTC"', ...settings].join("\n");
  const files = { [config]: text, ...machine.files };
  const testMachine = machineWith({ workingFolder: folder.path, ...machine, files });
  const clock = { elapsedMs: 0 };
  let input = new Uint8Array();
  let who = actor;
  const call = async (...argv: readonly string[]): Promise<Said> => {
    const said = { out: "", err: "" };
    const shell: Shell = {
      environment: { LULL_CONFIG: config, ...environment },
      machine: testMachine,
      actor: who,
      now: () => noon + clock.elapsedMs,
      print: (line) => {
        said.out += `${line}\n`;
      },
      say: (line) => {
        said.err += `${line}\n`;
      },
      readInput: async () => input,
    };
    const code = await run(shell, argv);
    return { code, ...said };
  };
  return {
    lull: (line) => call(...wordsOf(line)),
    call,
    json: async (line) => onlyObject((await call(...wordsOf(line), "--json")).out),
    type(bytes) {
      input = new Uint8Array(bytes);
    },
    as(name) {
      who = name;
    },
    clock,
    machine: testMachine,
    path,
    file: (name) => folder.file(name),
    open: () => openDatabase({ url: databaseUrl(path), busyTimeoutMs: 1_000, groupId: null }),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

/** The object that is all that was printed, on one line. Throws when it is not. */
export function onlyObject(out: string): Record<string, unknown> {
  if (!/^[^\n]*\n$/.test(out)) throw new Error(`not one line: ${JSON.stringify(out)}`);
  const value: unknown = JSON.parse(out);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`not an object: ${out}`);
  return { ...value };
}

export function wordsOf(line: string): readonly string[] {
  return line.split(" ").filter((word) => word !== "");
}
