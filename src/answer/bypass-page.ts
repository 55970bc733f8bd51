import { Eta } from "eta";
import ownStyle from "../../templates/answer/bypass.css" with { type: "text" };
import source from "../../templates/answer/bypass.eta" with { type: "text" };
import commonStyle from "../../templates/answer/page.css" with { type: "text" };
import type { Bypass } from "../gate/bypass.ts";
import { hashSource, packed } from "./inline-source.ts";
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

/** The HTML of an answer, and the policy that goes with all of them. */
export interface BypassPage {
  readonly contentSecurityPolicy: string;
  /** `siteName` may be empty. */
  render(answer: BypassAnswer, siteName: string): string;
}

interface Said {
  readonly title: string;
  readonly text: string;
  readonly button?: string;
  readonly note?: string;
}

/** The page of `/.lull/bypass/<token>`: it loads nothing, runs nothing, and sends its form nowhere else. */
export function createBypassPage(writeTime: TimeWriter): BypassPage {
  const eta = new Eta({ autoEscape: true });
  const template = eta.compile(source);
  const style = packed(`${commonStyle}${ownStyle}`);
  return {
    contentSecurityPolicy: policyFor(style),
    render(answer, siteName) {
      const { title, text, button = "", note = "" } = said(answer, writeTime);
      return template.call(eta, { title, text, button, note, siteName, style });
    },
  };
}

function said(answer: BypassAnswer, writeTime: TimeWriter): Said {
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

/** Nobody may put the button into a frame and have it clicked. */
function policyFor(style: string): string {
  return [
    "default-src 'none'",
    `style-src ${hashSource(style)}`,
    "img-src data:",
    "base-uri 'none'",
    // Browsers ask it of redirects too, and the page behind the button may send people to log in elsewhere.
    "form-action 'self' https: http:",
    "frame-ancestors 'none'",
  ].join("; ");
}
