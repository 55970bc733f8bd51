import type { Held } from "../answer/held.ts";
import type { Language } from "../answer/language.ts";
import { retryAfterSeconds } from "../answer/retry-after.ts";
import type { InstantMs } from "../gate/period.ts";

/** What samples are made of. */
export interface SampleParts {
  readonly now: InstantMs;
  readonly language: Language;
  readonly site: Held["site"];
  /** The setting `public_reason`. */
  readonly publicReason: boolean;
}

export const sampleStates = ["end", "unknown", "overdue", "reason", "silent", "post", "readonly", "nobody"] as const;

export type SampleState = (typeof sampleStates)[number];

/** For people. */
export const sampleTitles: Readonly<Record<SampleState, string>> = {
  end: "closed, with an expected end",
  unknown: "closed, nobody knows for how long",
  overdue: "closed, and the expected end is over",
  reason: "closed, with a reason",
  silent: "closed, without a message",
  post: "closed, to whoever sent a form",
  readonly: "read-only, to whoever sent a form",
  nobody: "a host that is no site's",
};

const minuteMs = 60_000;
/** Unless configured otherwise. */
const fallbackSeconds = 300;

export const sampleSite = { id: 1, domain: "example.com", name: "Example" };

/** A held visit of each kind, so that authors see all that their page has to say. */
export function sampleHeld(state: SampleState, parts: SampleParts): Held {
  const { now, language, site, publicReason } = parts;
  const end = now + 42 * minuteMs;
  const held: Held = {
    site,
    mode: "full",
    message: "We are moving to new servers.",
    reason: "",
    start: now - 18 * minuteMs,
    end,
    retryAfterSeconds: retryAfterSeconds({ opensAt: end, now, fallbackSeconds }),
    path: "/orders/42",
    method: "GET",
    language,
    host: site === null ? "unknown.example" : site.domain.replace("*", "www"),
    redirectUrl: "",
    origins: [],
  };
  const open = { end: null, retryAfterSeconds: fallbackSeconds };
  switch (state) {
    case "end":
      return held;
    case "unknown":
      return { ...held, ...open };
    case "overdue":
      return { ...held, end: now - minuteMs, retryAfterSeconds: 1 };
    case "reason":
      return { ...held, reason: publicReason ? "The database needs more room" : "" };
    case "silent":
      return { ...held, message: "" };
    case "post":
      return { ...held, method: "POST" };
    case "readonly":
      return { ...held, mode: "readonly", method: "POST" };
    case "nobody":
      return { ...held, ...open, site: null, message: "", start: null };
  }
}
