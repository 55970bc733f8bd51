import type { Machine } from "../config/machine.ts";
import type { InstantMs } from "../gate/period.ts";

/** What a command has of the world around it. */
export interface Shell {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly machine: Machine;
  /** `user@host`, for the audit. */
  readonly actor: string;
  now(): InstantMs;
  /** Data: standard output. */
  print(line: string): void;
  /** Words: standard error. */
  say(line: string): void;
  readInput(): Promise<Uint8Array>;
}
