import { write } from "node:fs";

export interface LogWriterOptions {
  /** Of a file, a pipe or a terminal: 2 is standard error. */
  readonly descriptor: number;
  /** Told, where the gap is, how many lines were dropped before it flowed again; may write. */
  readonly onDropped: (lines: number) => void;
}

export interface LogWriter {
  /** Never waits. Takes one line with its line feed; order is kept. */
  write(line: string): void;
  /** Returns when everything is written, or after this time. */
  flush(limitMs: number): Promise<void>;
}

const mostWaitingLines = 1_000;
const retryMs = 10;

/**
 * Writes lines on the thread pool, one at a time: a reader that stalls (a full pipe, a terminal after Ctrl-S) blocks
 * write(2), and that must not be the thread that serves. What does not fit into the queue is dropped, and so is what
 * follows until the queue is empty again: one gap, not many.
 */
export function createLogWriter({ descriptor, onDropped }: LogWriterOptions): LogWriter {
  const waiting: string[] = [];
  let dropped = 0;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      await writeWhole(descriptor, line);
      if (waiting.length === 0) tellDropped();
    }
    running = null;
  }

  function tellDropped(): void {
    if (dropped === 0) return;
    const lines = dropped;
    dropped = 0;
    onDropped(lines);
  }

  return {
    write(line) {
      if (dropped > 0 || waiting.length >= mostWaitingLines) {
        dropped++;
        return;
      }
      waiting.push(line);
      running ??= run();
    },
    async flush(limitMs) {
      if (running !== null) await Promise.race([running, Bun.sleep(limitMs)]);
    },
  };
}

/** A reader that has gone away does not matter. */
async function writeWhole(descriptor: number, line: string): Promise<void> {
  let rest: Uint8Array = Buffer.from(line);
  while (rest.length > 0) {
    const { written, code } = await writeSome(descriptor, rest);
    if (code === "EAGAIN") await Bun.sleep(retryMs);
    else if (code !== null) return;
    rest = rest.subarray(written);
  }
}

interface Attempt {
  readonly written: number;
  /** null: no error. */
  readonly code: string | null;
}

function writeSome(descriptor: number, bytes: Uint8Array): Promise<Attempt> {
  return new Promise((resolve) => {
    write(descriptor, bytes, (error, written) => {
      if (error === null) resolve({ written, code: null });
      else resolve({ written: 0, code: error.code ?? "unknown" });
    });
  });
}
