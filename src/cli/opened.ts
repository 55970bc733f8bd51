import type { Database } from "../store/database.ts";

/** The database of a command that changes something. */
export interface Opened {
  readonly database: Database;
  /** Whether this command made it, because none was there. */
  readonly created: boolean;
}

/** `database /path/lull.db`; whoever mistyped the path must see that this one is new. */
export function nameDatabase({ database, created }: Opened): string {
  return `database ${database.path}${created ? " (new: there was none)" : ""}`;
}
