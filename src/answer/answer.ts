import { type Asked, askedHeaders } from "./asked.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import { eventStream } from "./event-stream.ts";
import { grpcHeaders } from "./grpc.ts";
import type { Held } from "./held.ts";
import { chooseForm, type Form, mediaType } from "./negotiate.ts";
import type { Pages } from "./pages.ts";
import { problem } from "./problem.ts";
import { problemXml } from "./problem-xml.ts";
import { redirectFor } from "./redirect.ts";
import { jittered } from "./retry-after.ts";
import { text } from "./text.ts";
import type { TimeWriter } from "./time-writer.ts";

/** What a held visitor receives, whatever carries it there. */
export interface Answer {
  readonly status: 200 | 204 | 302 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

export interface AnswerMeans {
  readonly pages: Pages;
  readonly writeTime: TimeWriter;
  /** In [0, 1): programs come back at different times. */
  readonly random: () => number;
  /** false where a 2xx would let the visitor through: event streams, gRPC and preflights get a 503 there. */
  readonly mayBeSuccess: boolean;
}

/** A form's own part of an answer. */
interface Part {
  readonly status: Answer["status"];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Answer["body"];
}

/**
 * The maintenance answer in the form that the visitor can use: 503 with Retry-After (RFC 9110, 15.6.4), never stored by
 * anybody (RFC 9111; RFC 9213 and Surrogate-Control for CDNs). Who would make the wrong thing of a 503 gets what says
 * the same in its protocol.
 */
export function answer(held: Held, asked: Asked, means: AnswerMeans): Answer {
  const preflight = means.mayBeSuccess ? preflightHeaders(held, asked) : null;
  if (preflight !== null) return complete({ status: 204, headers: preflight, body: null }, held);
  const form = allowedForm(chooseForm(asked, held.method), means);
  const location = redirectFor(held, asked, form);
  if (location !== null) return complete({ status: 302, headers: { Location: location }, body: null }, held);
  const told = form === "html" ? held : { ...held, retryAfterSeconds: jittered(held.retryAfterSeconds, means.random) };
  const { status, headers, body } = inForm(form, { held: told, asked, means });
  return complete({ status, headers: { ...headers, ...corsHeaders(held, asked) }, body }, told);
}

/** Where success passes, a stream or a call is answered in the words of a status alone. */
function allowedForm(form: Form, { mayBeSuccess }: AnswerMeans): Form {
  return !mayBeSuccess && (form === "event-stream" || form === "grpc") ? "text" : form;
}

interface FormRequest {
  readonly held: Held;
  readonly asked: Asked;
  readonly means: AnswerMeans;
}

function inForm(form: Form, { held, asked, means }: FormRequest): Part {
  const { tag } = held.language;
  switch (form) {
    case "html": {
      const { html, contentSecurityPolicy } = means.pages.render(held);
      const type = { "Content-Type": "text/html; charset=utf-8" };
      // In which language people's own page is, and what it loads, is theirs to know.
      const ours =
        contentSecurityPolicy === null
          ? null
          : { "Content-Language": tag, "Content-Security-Policy": contentSecurityPolicy };
      return { status: 503, headers: { ...type, ...ours }, body: html };
    }
    case "text": {
      const headers = { "Content-Type": "text/plain; charset=utf-8", "Content-Language": tag };
      return { status: 503, headers, body: text(held, means.writeTime) };
    }
    case "json":
      return unavailable("application/problem+json", JSON.stringify(problem(held)));
    case "xml":
      return unavailable("application/xml", problemXml(problem(held)));
    case "problem-xml":
      return unavailable("application/problem+xml", problemXml(problem(held)));
    case "event-stream": {
      const headers = { "Content-Type": "text/event-stream" };
      return { status: 200, headers, body: eventStream(problem(held), means.random) };
    }
    case "grpc":
      return { status: 200, headers: grpcHeaders(problem(held), mediaType(asked.contentType)), body: null };
  }
}

function unavailable(contentType: string, body: string): Part {
  return { status: 503, headers: { "Content-Type": contentType }, body };
}

function complete({ status, headers, body }: Part, { retryAfterSeconds, origins }: Held): Answer {
  return {
    status,
    headers: {
      ...headers,
      "Retry-After": String(retryAfterSeconds),
      "Cache-Control": "no-store",
      "CDN-Cache-Control": "no-store",
      "Surrogate-Control": "no-store",
      Vary: varyOf(status, origins),
      "X-Content-Type-Options": "nosniff",
    },
    body,
  };
}

function varyOf(status: Answer["status"], origins: readonly string[]): string {
  if (status === 204) return `${askedHeaders}, Origin, Access-Control-Request-Method, Access-Control-Request-Headers`;
  return origins.length === 0 ? askedHeaders : `${askedHeaders}, Origin`;
}
