import type { LogLevel } from "./config/keys.ts";
import { LullError } from "./gate/error.ts";
import type { InstantMs } from "./gate/period.ts";

/** Plain facts; an Error becomes its message, and its stack when it is a bug. Callers never pass credentials. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One call, one event: `event` is a fixed word, what varies stands in `fields`. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LogOptions {
  /** Asked for each event, so that a reload can change it. */
  readonly level: () => LogLevel;
  readonly now: () => InstantMs;
  /** Takes one line with its line feed; the sidecar's is standard error. */
  readonly write: (line: string) => void;
}

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A log of JSON lines: `{"time":"...","level":"info","event":"listening",...}`. */
export function createLog(options: LogOptions): Log {
  const write =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (rank[level] < rank[options.level()]) return;
      const time = new Date(options.now()).toISOString();
      options.write(`${JSON.stringify({ time, level, event, ...fields }, plain)}\n`);
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof LullError) return value.message;
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  return typeof value === "bigint" ? value.toString() : value;
}
