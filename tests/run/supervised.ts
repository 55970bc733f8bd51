import { readFileSync } from "node:fs";
import { join } from "node:path";
import { statusOf } from "../../src/run/process-group.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { lullFromSource, type SupervisingOptions, supervising } from "./supervising-process.ts";

export interface Supervised extends AsyncDisposable {
  readonly processId: number;
  /** Returns when this was printed to standard output. */
  printed(text: string): Promise<void>;
  /** Returns when this was printed to standard error. */
  said(text: string): Promise<void>;
  /** Standard output whole: when everything that writes to it has ended, COMMAND's children too. */
  readonly output: Promise<string>;
  readonly errors: Promise<string>;
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  write(input: string): void;
  /** Null: it has not ended by itself. */
  end(): unknown;
  /** When the lease was taken, and when each renewal that succeeded was begun. */
  leasedAtMs(): readonly number[];
  /** The process that supervises, also behind a prefix. */
  lull(): Promise<number>;
  /** COMMAND that has printed its number first. */
  command(): number;
  /** Waits until the command() has this letter of ps. */
  stateOfCommand(letter: string): Promise<void>;
  /** The running guard. Waits for one that is not this. */
  guard(otherThan?: number): Promise<number>;
}

export interface SupervisedParts extends Partial<SupervisingOptions> {
  /** Put before the command line. */
  readonly prefix?: (command: readonly string[]) => readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
}

const supervisor = join(import.meta.dir, "supervising-process.ts");

/** `lull run` without a database, from source. */
export function supervise(argv: readonly string[], parts: SupervisedParts = {}): Supervised {
  const folder = temporaryFolder();
  const report = folder.file("report");
  const { leaseMs = 20_000, renewal = "works", program = lullFromSource, prefix = (words) => words } = parts;
  const command = supervising({ leaseMs, renewal, report, program }, argv);
  const child = Bun.spawn([...prefix(command)], {
    env: { PATH: "/usr/bin:/bin", ...parts.environment },
    stdin: parts.input ?? "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const stdin = child.stdin;
  const output = readingOf(child.stdout);
  const errors = readingOf(child.stderr);
  const lines = () => textOf(report).trim().split("\n");
  return {
    processId: child.pid,
    printed: output.has,
    said: errors.has,
    output: output.whole,
    errors: errors.whole,
    exited: child.exited,
    kill: (signal) => child.kill(signal),
    write(input) {
      if (typeof stdin === "number" || stdin === undefined) throw new Error("its input was given whole");
      stdin.write(input);
      stdin.flush();
    },
    end: () => JSON.parse(lines().findLast((line) => line.startsWith("{")) ?? "null"),
    leasedAtMs: () =>
      lines()
        .flatMap((line) => /^leased (\d+)$/.exec(line)?.[1] ?? [])
        .map(Number),
    lull: () => until(() => processOfLull(child.pid)),
    command: () => Number.parseInt(output.text(), 10),
    async stateOfCommand(letter) {
      await until(() => (statusOf(Number.parseInt(output.text(), 10))?.state === letter ? true : undefined));
    },
    guard: (otherThan = 0) => until(() => childrenOf(child.pid, "__guard").find((id) => id !== otherThan)),
    async [Symbol.asyncDispose]() {
      const lull = processOfLull(child.pid);
      for (const id of lull === undefined ? [] : childrenOf(lull, "")) killGroup(id);
      child.kill("SIGKILL");
      await Promise.all([output.whole, errors.whole, child.exited]);
      await folder.remove();
    },
  };
}

/** What a stream gave so far, in Latin-1. */
function readingOf(stream: ReadableStream<Uint8Array>) {
  let text = "";
  let wake = () => {};
  const whole = (async () => {
    for await (const bytes of stream) {
      text += Buffer.from(bytes).toString("latin1");
      wake();
    }
    return text;
  })();
  return {
    whole,
    text: () => text,
    async has(wanted: string) {
      while (!text.includes(wanted)) {
        const more = new Promise<boolean>((resolve) => {
          wake = () => resolve(true);
        });
        const goesOn = await Promise.race([more, whole.then(() => text.includes(wanted))]);
        if (!goesOn) throw new Error(`it ended without "${wanted}": ${text}`);
      }
    },
  };
}

/** Waits until it gives something. */
export async function until<Found>(find: () => Found | undefined): Promise<Found> {
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (performance.now() > deadlineMs) throw new Error(`not within 10 s: ${find}`);
    await Bun.sleep(5);
  }
}

/** The process that supervises is this one, or started by it: a prefix has the same words. */
function processOfLull(started: number): number | undefined {
  return [...childrenOf(started, supervisor), started].find((id) => commandLine(id).includes(supervisor));
}

/** Those that have the word; all when it is empty. */
function childrenOf(parent: number, word: string): readonly number[] {
  const ids = textOf(`/proc/${parent}/task/${parent}/children`).trim().split(" ").filter(Boolean);
  return ids.map(Number).filter((id) => word === "" || commandLine(id).includes(word));
}

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It has ended.
  }
}

function commandLine(id: number): readonly string[] {
  return textOf(`/proc/${id}/cmdline`).split("\0");
}

/** Empty: there is no such file. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
