import type { ErrorKind } from "../gate/error.ts";

/** What a command's end means to a script. */
export const exitCode = {
  /** Done, or so already. */
  done: 0,
  refused: 1,
  usage: 2,
  /** The database cannot be reached or written. */
  unreachable: 5,
  /** Written, but some registered sidecar does not serve it. */
  notServed: 6,
  /** Written, but no sidecar is registered, so nothing is closed. */
  noSidecar: 7,
  /** `status --exit-code`: some site is closed. */
  closed: 10,
  /** `status --exit-code`: no site is closed, some site is read-only. */
  readonly: 11,
  /** `run`: its COMMAND was not started. */
  notStarted: 125,
  /** A bug: the log says more. */
  internal: 70,
} as const;

export function exitCodeOf(kind: ErrorKind): number {
  switch (kind) {
    case "refused":
      return exitCode.refused;
    case "usage":
      return exitCode.usage;
    case "unreachable":
      return exitCode.unreachable;
  }
}
