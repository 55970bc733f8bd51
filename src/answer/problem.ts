import type { Held } from "./held.ts";
import { isoOrNull } from "./iso-or-null.ts";
import { english } from "./language.ts";

const apology = "Sorry, the service is temporarily down for maintenance";

/** A held visit as an RFC 9457 problem, before it is written as JSON or XML. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: "Service Unavailable";
  readonly status: 503;
  readonly detail: string;
  /** The visitor's path; not there when it can be read in more than one way. */
  readonly instance?: string;
  /** Seconds, as in the header. */
  readonly retryAfter: number;
  /** RFC 3339 in UTC; null: unknown. */
  readonly start: string | null;
  readonly end: string | null;
  readonly code: 503;
  readonly error: "temporarily_unavailable";
  readonly reason: "maintenance";
  readonly error_description: string;
}

/** The last four members, and their values, are django-maintenancemode-2's: its clients go on working. */
export function problem(held: Held): Problem {
  return {
    type: "about:blank",
    title: "Service Unavailable",
    status: 503,
    detail: held.message || (held.mode === "readonly" ? english.words.readonlyApology : apology),
    ...(held.path === "" ? {} : { instance: encodeURI(held.path.toWellFormed()) }),
    retryAfter: held.retryAfterSeconds,
    start: isoOrNull(held.start),
    end: isoOrNull(held.end),
    code: 503,
    error: "temporarily_unavailable",
    reason: "maintenance",
    error_description: apology,
  };
}
