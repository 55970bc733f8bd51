import type { CaughtSignals } from "./caught-signals.ts";

export interface Supervision {
  /** COMMAND and its arguments. */
  readonly argv: readonly string[];
  /** COMMAND's. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The words with which lull starts itself: ownProgram(). */
  readonly program: readonly string[];
  /** Caught since before the lease was taken; the caller releases them when all is done. */
  readonly signals: CaughtSignals;
  readonly leaseMs: number;
  /** By the steady clock, read before the lease was taken. */
  readonly leasedAtMs: number;
  /** Extends the lease to its whole length from now. It must not block the thread: signals would wait as long. */
  readonly renew: () => Promise<void>;
  /** Standard error, one line without "lull: ". It must not wait for a reader: renewals would wait as long. */
  readonly say: (line: string) => void;
}

export type SupervisionEnd =
  /** 126 and 127 as a shell's, 125 for lull's own failure, 128 + n when a signal came first. It was said why. */
  | { readonly kind: "not-started"; readonly code: number }
  | {
      readonly kind: "ended";
      /** COMMAND's, 128 + n for a signal. */
      readonly code: number;
      /** `guard`: the lease was not renewed in time. `lull`: no guard could be kept. Both were said. */
      readonly endedBy: "itself" | "guard" | "lull";
    };
