import type { InstantMs, PeriodMode } from "../gate/period.ts";
import { isSafeMethod } from "../gate/readonly-rule.ts";
import type { Held } from "./held.ts";
import { isoOrNull } from "./iso-or-null.ts";
import type { TimeWriter } from "./time-writer.ts";
import type { Words } from "./words.ts";

/**
 * What a template sees as `it`; the names are API. `<%= it.message %>` is escaped, `<%~ %>` is not.
 * `request_path` is spelled as django-maintenancemode-2 spells it.
 */
export interface PageContext {
  /** Of a host that is nobody's: null and empty. */
  readonly site: { readonly id: number | null; readonly domain: string; readonly name: string };
  /** `readonly`: the site can be read, and this visit would have changed something. */
  readonly mode: PeriodMode;
  readonly message: string;
  /** Empty unless visitors may see it. */
  readonly reason: string;
  /** RFC 3339 in UTC; null: unknown. */
  readonly start: string | null;
  readonly end: string | null;
  /** The same two for people, in the visitor's language, and in the zone of the setting `timezone`. */
  readonly startText: string | null;
  readonly endText: string | null;
  readonly retryAfterSeconds: number;
  /** Decoded; "" when it can be read in more than one way. */
  readonly request_path: string;
  /** BCP 47, for `lang`. */
  readonly language: string;
  readonly dir: "ltr" | "rtl";
  /** What the built-in page says, in the visitor's language; `{time}` and `{reason}` are still in it. */
  readonly words: Words;
  /** The visit has sent something that is lost: whoever asks for the page again does not send it again. */
  readonly notSaved: boolean;
  /** Where the link for staff leads; empty: there is none. */
  readonly staffUrl: string;
}

/** What of the configuration is in a page. */
export interface ContextMeans {
  readonly writeTime: TimeWriter;
  readonly staffUrl: string;
}

export function pageContext(held: Held, { writeTime, staffUrl }: ContextMeans): PageContext {
  const { site, mode, message, reason, start, end, retryAfterSeconds, path, language } = held;
  const write = (instant: InstantMs | null) => (instant === null ? null : writeTime(instant, language));
  return {
    site: site === null ? { id: null, domain: "", name: "" } : { id: site.id, domain: site.domain, name: site.name },
    mode,
    message,
    reason,
    start: isoOrNull(start),
    end: isoOrNull(end),
    startText: write(start),
    endText: write(end),
    retryAfterSeconds,
    request_path: path,
    language: language.tag,
    dir: language.dir,
    words: language.words,
    notSaved: hasSent(held),
    staffUrl,
  };
}

/** Whether the visit has sent something. A method that cannot be read says nothing of it. */
export function hasSent({ method }: Held): boolean {
  return method !== "" && !isSafeMethod(method);
}
