import type { Bypass } from "../gate/bypass.ts";
import type { EntryWords } from "./entry-page.ts";
import { english } from "./language.ts";
import type { TimeWriter } from "./time-writer.ts";

/** What whoever follows the link of a bypass is told. */
export type BypassAnswer =
  /** The link holds: one button. */
  | { readonly kind: "ask"; readonly bypass: Bypass }
  /** It is nobody's, expired, revoked, used up, or another site's: which of these is nobody's business. */
  | { readonly kind: "over" }
  /** Browsers drop its cookie in silence where the site is plain http. */
  | { readonly kind: "insecure" }
  /** It cannot be written down that the link is used. */
  | { readonly kind: "unavailable" };

export function bypassWords(answer: BypassAnswer, writeTime: TimeWriter): EntryWords {
  switch (answer.kind) {
    case "ask": {
      const { expires, isSingleUse } = answer.bypass;
      const until = writeTime(expires, english);
      return {
        title: "You may enter",
        text: "This site is sometimes closed for maintenance. With this link your browser gets in all the same.",
        button: "Enter",
        note: `Until ${until}.${isSingleUse ? " The link works once, in one browser." : ""}`,
      };
    }
    case "over":
      return {
        title: "This link does not work",
        text: "It has expired, was revoked, has been used already, or belongs to another site. Ask whoever gave it to you for a new one.",
      };
    case "insecure":
      return {
        title: "This link needs https",
        text: "Here the site came to you over plain http, where browsers would drop the permission in silence. Open the same address with https:// in front. Nothing has been used up.",
        note: "If this site has no https, its operators can make a link with --insecure-cookie.",
      };
    case "unavailable":
      return {
        title: "Please try again in a minute",
        text: "Nobody can be let in by a link right now: the database does not answer, so it cannot be written down. Whoever is in already stays in.",
      };
  }
}
