import type { InstantMs } from "../gate/period.ts";

/** What a held visitor's answer is about. */
export interface Held {
  /** null: the host is nobody's or cannot be read. */
  readonly site: { readonly id: number; readonly domain: string; readonly name: string } | null;
  /** The period's message, else the site's; may be empty. */
  readonly message: string;
  /** Why it is closed, as the operator wrote it; may be empty. */
  readonly reason: string;
  readonly start: InstantMs | null;
  /** The expected opening; null: unknown. */
  readonly end: InstantMs | null;
  readonly retryAfterSeconds: number;
  /** The visitor's path, decoded; "" when it can be read in more than one way. */
  readonly path: string;
  /** The visitor's first preferred language (BCP 47). */
  readonly language: string;
}

/**
 * What a template sees as `it`; the names are API. `<%= it.message %>` is escaped, `<%~ %>` is not.
 * `request_path` is spelled as django-maintenancemode-2 spells it.
 */
export interface PageContext {
  /** Of a host that is nobody's: null and empty. */
  readonly site: { readonly id: number | null; readonly domain: string; readonly name: string };
  readonly message: string;
  readonly reason: string;
  /** RFC 3339 in UTC; null: unknown. */
  readonly start: string | null;
  readonly end: string | null;
  /** The same two for people, in the zone of the setting `timezone`. */
  readonly startText: string | null;
  readonly endText: string | null;
  readonly retryAfterSeconds: number;
  readonly request_path: string;
  readonly language: string;
}

/** Writes instants for people, in English and in one zone: `20 November 2026 at 10:00 UTC`. */
export function timeWriter(timezone: string): (instant: InstantMs) => string {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, dateStyle: "long" });
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
  return (instant) => `${day.format(instant)} at ${clock.format(instant)}`;
}

export function pageContext(held: Held, write: (instant: InstantMs) => string): PageContext {
  return {
    site: held.site ?? { id: null, domain: "", name: "" },
    message: held.message,
    reason: held.reason,
    start: iso(held.start),
    end: iso(held.end),
    startText: held.start === null ? null : write(held.start),
    endText: held.end === null ? null : write(held.end),
    retryAfterSeconds: held.retryAfterSeconds,
    request_path: held.path,
    language: held.language,
  };
}

function iso(instant: InstantMs | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
