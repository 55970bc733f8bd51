import { Eta } from "eta";
import source from "../../templates/answer/503.eta" with { type: "text" };
import styleSource from "../../templates/answer/page.css" with { type: "text" };
import scriptSource from "../../templates/answer/page.js" with { type: "text" };
import type { Held } from "./held.ts";
import { hashSource, packed } from "./inline-source.ts";
import { createKeptPages } from "./kept-pages.ts";
import { type ContextMeans, hasSent, type PageContext, pageContext } from "./page-context.ts";

/** A page as it is sent. */
export interface RenderedPage {
  readonly html: string | Uint8Array<ArrayBuffer>;
  /** null: people's own page, whose policy is their own. */
  readonly contentSecurityPolicy: string | null;
}

/** What the template 503.eta sees as `it`. */
interface View extends PageContext {
  readonly title: string;
  /** What is said in place of a message. */
  readonly apology: string;
  /** Around the time and the reason, in the language's own order. */
  readonly aroundTime: Around;
  readonly aroundReason: Around;
  /** `endText` in two: the day, which no line should end within, and the rest. */
  readonly endDay: string;
  readonly endClock: string;
  readonly style: string;
  readonly script: string;
}

interface Around {
  readonly before: string;
  readonly after: string;
}

/** `still`: for a file that stands for days. It counts nothing, asks for nothing and says the time of the opening alone. */
export type PageForm = "live" | "still";

/** The page that needs no files: one document that asks for nothing from anywhere, in the visitor's language. */
export function createBuiltInPage(means: ContextMeans, form: PageForm = "live"): (held: Held) => RenderedPage {
  const eta = new Eta({ autoEscape: true });
  const template = eta.compile(source);
  const style = packed(styleSource);
  const script = form === "live" ? packed(scriptSource) : "";
  const contentSecurityPolicy = policyFor(style, script);
  const kept = createKeptPages();
  const encoder = new TextEncoder();

  return (held) => {
    const key = keyOf(held);
    let html = kept.find(key);
    if (html === null) {
      html = encoder.encode(template.call(eta, viewOf(held)));
      kept.keep(key, html);
    }
    return { html, contentSecurityPolicy };
  };

  function viewOf(held: Held): View {
    const context = pageContext(held, means);
    const { words, mode } = context;
    return {
      ...context,
      ...(mode === "readonly"
        ? { title: words.readonlyTitle, apology: words.readonlyApology }
        : { title: words.title, apology: words.apology }),
      aroundTime: around(words.expected, "{time}"),
      aroundReason: around(words.reason, "{reason}"),
      ...dayAndClock(context.endText ?? ""),
      style,
      script,
    };
  }
}

/** All that the page depends on. With the lengths of what people wrote, so that no two pages have the same. */
function keyOf(held: Held): string {
  const { site, message, reason, mode, end, retryAfterSeconds, language } = held;
  const name = site?.name ?? "";
  const sent = hasSent(held) ? "sent" : "";
  const lengths = `${name.length} ${message.length}`;
  return `${language.tag} ${mode} ${sent} ${end} ${retryAfterSeconds} ${lengths} ${name}${message}${reason}`;
}

function around(text: string, placeholder: string): Around {
  const [before = "", after = ""] = text.split(placeholder);
  return { before, after };
}

/** As page.js does it. Where the clock goes before the day, all is the clock. */
function dayAndClock(text: string): Pick<View, "endDay" | "endClock"> {
  const [beforeClock = ""] = text.split(/\p{Nd}+[:.]\p{Nd}/u, 1);
  const endDay = /^.*\p{Nd}(?:[.,\p{Lo}]|\s\p{L}\.)?/u.exec(beforeClock)?.[0] ?? "";
  return { endDay, endClock: text.slice(endDay.length).replace(/(\p{Nd}{2})\s(?=[^(])/gu, "$1\u00a0") };
}

/**
 * Nothing but this style and this script, and requests to this site (CSP Level 3). It says nothing of frames: a site that
 * is shown in others is so during maintenance too.
 */
function policyFor(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src ${hashSource(style)}`,
    `script-src ${hashSource(script)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
