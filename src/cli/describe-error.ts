import { LullError } from "../gate/error.ts";
import { nativeLoadFault } from "../store/native-load.ts";
import { exitCode, exitCodeOf } from "./exit-code.ts";

export interface DescribedError {
  /** API: it stands in `--json`. */
  readonly kind: "refused" | "usage" | "unreachable" | "internal";
  /** Lines; one unless the configuration has several faults. */
  readonly message: string;
  readonly code: number;
}

/** What a failed command says, and its exit code. */
export function describeError(error: unknown): DescribedError {
  const fault = error instanceof LullError ? error : nativeLoadFault(saidBy(error));
  if (fault !== null) return { kind: fault.kind, message: fault.message, code: exitCodeOf(fault.kind) };
  const what = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
  const message = `internal error: ${what}; this is a bug of lull, LULL_LOG_LEVEL=debug shows where`;
  return { kind: "internal", message, code: exitCode.internal };
}

/** The code and the message of an error. */
function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return `${"code" in error ? error.code : ""} ${error.message}`;
}
