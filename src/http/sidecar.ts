import type { EntryPage } from "../answer/entry-page.ts";
import type { LoadedPages } from "../answer/pages.ts";
import type { TimeWriter } from "../answer/time-writer.ts";
import type { Trust } from "../gate/client-ip.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Log } from "../log.ts";
import type { StaffProbe } from "../staff/probe.ts";
import type { StaffTokens } from "../staff/tokens.ts";
import type { Redeem } from "../store/bypasses.ts";
import type { AdmitStaff } from "../store/staff-bypasses.ts";
import type { NamedHeaders } from "./dialect.ts";
import type { Metrics } from "./metrics.ts";
import type { Serving } from "./state.ts";

/** What of the configuration the endpoints use, made ready. A reload puts another one in place. */
export interface Settings {
  readonly trust: Trust;
  readonly headers: NamedHeaders;
  /** null: no token makes anybody staff. */
  readonly staffTokens: StaffTokens | null;
  /** null: the application is not asked who is staff. */
  readonly staffProbe: StaffProbe | null;
  /** What Retry-After says when the opening is unknown. */
  readonly retryAfterSeconds: number;
  /** A snapshot that was last confirmed longer ago is not ready. */
  readonly readyMaxAgeMs: number;
  /** How often somebody is reminded of a period that has no end. */
  readonly remindAfterMs: number;
  readonly pages: LoadedPages;
  readonly entryPage: EntryPage;
  /** Where staff log in; empty: nobody has said. */
  readonly loginUrl: string;
  readonly writeTime: TimeWriter;
}

/** Who this process is, for who wants to take its place. */
export interface Identity {
  readonly version: string;
  readonly commit: string | null;
  /** Unique for each start. */
  readonly instance: string;
  readonly pid: number;
  /** Within which process ids mean the same: a boot of a machine, and a namespace in it. */
  readonly machine: string;
}

/** What is told of the files from which proxies answer without the sidecar. */
export interface MirrorHealth {
  readonly root: string;
  readonly step: "in-step" | "behind" | "yielding";
  /** Why it cannot be written, in one line; null: it can. */
  readonly fault: string | null;
}

/** All that an endpoint can see. */
export interface Sidecar {
  readonly serving: Serving;
  readonly settings: Settings;
  readonly identity: Identity;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => InstantMs;
  /** Rejects soon, with a LullError, when it cannot be written down: no visitor waits for a database. */
  readonly redeem: Redeem;
  /** The same, when there is no bypass yet by which staff could come in. */
  readonly admitStaff: AdmitStaff;
  /** null: there is none. */
  readonly mirror: MirrorHealth | null;
  /** Stopping: answers tell proxies to come back on a new connection. */
  readonly draining: boolean;
}
