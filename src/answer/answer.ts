import { type Format, negotiate, type Preference } from "./negotiate.ts";
import type { Page } from "./page.ts";
import { type Held, pageContext } from "./page-context.ts";
import { problem } from "./problem.ts";

/** What a held visitor receives, whatever carries it there. */
export interface Answer {
  readonly status: 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AnswerOptions {
  readonly preference: Preference;
  readonly page: Page;
}

/** Always 503 with Retry-After, never stored (RFC 9110, 15.6.4). */
export function answer(held: Held, options: AnswerOptions): Answer {
  const format: Format = negotiate(options.preference);
  return { status: 503, headers: { ...headers(held), "Content-Type": contentTypes[format] }, body: body(format) };

  function body(chosen: Format): string {
    switch (chosen) {
      case "html":
        return options.page.render(pageContext(held, options.page.writeTime));
      case "json":
        return problem(held);
    }
  }
}

const contentTypes: Readonly<Record<Format, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/problem+json",
};

function headers(held: Held): Readonly<Record<string, string>> {
  return { "Retry-After": String(held.retryAfterSeconds), "Cache-Control": "no-store", Vary: "Accept, Content-Type" };
}
