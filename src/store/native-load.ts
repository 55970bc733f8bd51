import { LullError } from "../gate/error.ts";

/**
 * An error when libSQL's native part could not be loaded, from what the failed load said; null: it said something else.
 * The part is unpacked into the temporary folder when it is first used.
 */
export function nativeLoadFault(said: string): LullError | null {
  if (!/ERR_DLOPEN_FAILED|failed to map segment|cannot open shared object/.test(said)) return null;
  return new LullError(
    "unreachable",
    "libSQL's native part, which is unpacked into the temporary folder at start, cannot be loaded from there; set TMPDIR to a folder that can be written and allows execution",
  );
}
