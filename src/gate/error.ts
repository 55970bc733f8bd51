/**
 * What a caller did wrong, or what stands in the way, in one line that says what, where and what to do.
 * Each edge (command line, HTTP) maps `kind` once; everything that is not a LullError is a bug.
 */
export type ErrorKind =
  /** The request was understood and is not allowed: an unknown site, a broken pattern. */
  | "refused"
  /** The command line or the configuration is malformed. */
  | "usage"
  /** The database cannot be read or written. */
  | "unreachable";

export class LullError extends Error {
  override readonly name = "LullError";
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
