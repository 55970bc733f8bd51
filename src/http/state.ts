import type { InstantMs } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";

/** What the serving thread knows of the database: all that the endpoints read. */
export interface Serving {
  /** null: none yet. The last good one stays for ever. */
  readonly snapshot: Snapshot | null;
  /** When the database was last seen to be at this snapshot's revision; null with a snapshot: there is no database (`serve --closed`). */
  readonly confirmedAt: InstantMs | null;
  /** What stands between this process and its database, in one line; null: nothing. */
  readonly fault: string | null;
  /** Faults since the start. */
  readonly databaseErrors: number;
}

/** The same, for the one who fills it: the database thread, by way of app.ts. */
export interface ServingState extends Serving {
  /** From the return of this call on, `snapshot` answers every check. */
  swap(snapshot: Snapshot): void;
  /** The database is still at the snapshot's revision; `heard`: the same snapshot, as leases are now. */
  confirm(at: InstantMs, heard: Snapshot | null): void;
  fail(fault: string): void;
  /** Nothing stands between them any more. */
  recover(): void;
}

export function createServingState(): ServingState {
  let snapshot: Snapshot | null = null;
  let confirmedAt: InstantMs | null = null;
  let fault: string | null = null;
  let databaseErrors = 0;
  return {
    get snapshot() {
      return snapshot;
    },
    get confirmedAt() {
      return confirmedAt;
    },
    get fault() {
      return fault;
    },
    get databaseErrors() {
      return databaseErrors;
    },
    swap(next) {
      snapshot = next;
    },
    confirm(at, heard) {
      snapshot = heard ?? snapshot;
      confirmedAt = at;
    },
    recover() {
      fault = null;
    },
    fail(message) {
      fault = message;
      databaseErrors++;
    },
  };
}
