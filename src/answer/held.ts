import type { InstantMs, PeriodMode } from "../gate/period.ts";
import type { Language } from "./language.ts";

/** What a held visitor's answer is about. */
export interface Held {
  /** null: the host is nobody's or cannot be read. */
  readonly site: { readonly id: number; readonly domain: string; readonly name: string } | null;
  /** `readonly`: the site can be read, and this visit would have changed something. */
  readonly mode: PeriodMode;
  /** The period's message, else the site's; may be empty. */
  readonly message: string;
  /** Why it is closed, as the operator wrote it; empty unless the setting `public_reason` lets visitors see it. */
  readonly reason: string;
  readonly start: InstantMs | null;
  /** The expected opening; null: unknown. */
  readonly end: InstantMs | null;
  readonly retryAfterSeconds: number;
  /** The visitor's path, decoded; "" when it can be read in more than one way. */
  readonly path: string;
  /** The visitor's method; "" when it cannot be read. */
  readonly method: string;
  readonly language: Language;
  /** The visitor's host, canonical; null: it cannot be read, or a number named the site. */
  readonly host: string | null;
  /** Of the site, as `Site` has them. */
  readonly redirectUrl: string;
  readonly origins: readonly string[];
}
