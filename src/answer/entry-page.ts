import { Eta } from "eta";
import ownStyle from "../../templates/answer/entry.css" with { type: "text" };
import source from "../../templates/answer/entry.eta" with { type: "text" };
import commonStyle from "../../templates/answer/page.css" with { type: "text" };
import { hashSource, packed } from "./inline-source.ts";

/** What who asks to be let in is told, and can do. */
export interface EntryWords {
  readonly title: string;
  readonly text: string;
  readonly button?: string;
  readonly link?: EntryLink;
  readonly note?: string;
}

export interface EntryLink {
  readonly address: string;
  readonly text: string;
}

/** The HTML for some words, and the policy that goes with all of them. */
export interface EntryPage {
  readonly contentSecurityPolicy: string;
  /** `siteName` may be empty. */
  render(words: EntryWords, siteName: string): string;
}

/** The page of `/.lull/bypass/<token>` and of `/.lull/staff`: it loads nothing, runs nothing, and sends its form nowhere else. */
export function createEntryPage(): EntryPage {
  const eta = new Eta({ autoEscape: true });
  const template = eta.compile(source);
  const style = packed(`${commonStyle}${ownStyle}`);
  return {
    contentSecurityPolicy: policyFor(style),
    render(words, siteName) {
      const { title, text, button = "", link = null, note = "" } = words;
      return template.call(eta, { title, text, button, link, note, siteName, style });
    },
  };
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
