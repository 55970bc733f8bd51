import type { Asked } from "../answer/asked.ts";
import type { Held } from "../answer/held.ts";

export const previewForms = [
  "html",
  "json",
  "xml",
  "text",
  "event-stream",
  "grpc",
  "websocket",
  "redirect",
  "preflight",
] as const;

/** Who asks: each gets an answer of another form. */
export type PreviewForm = (typeof previewForms)[number];

/** For people. */
export const formTitles: Readonly<Record<PreviewForm, string>> = {
  html: "page",
  json: "JSON",
  xml: "XML",
  text: "text",
  "event-stream": "event stream",
  grpc: "gRPC",
  websocket: "WebSocket",
  redirect: "redirect",
  preflight: "preflight",
};

export interface HeldVisit {
  readonly held: Held;
  readonly asked: Asked;
}

const nothing: Asked = {
  accept: null,
  contentType: null,
  requestedWith: null,
  upgrade: null,
  origin: null,
  requestMethod: null,
  requestHeaders: null,
};

const page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const elsewhere = "https://app.example";

/** A visit that is held, as such a client would send it. */
export function visitOf(form: PreviewForm, held: Held): HeldVisit {
  switch (form) {
    case "html":
      return { held, asked: { ...nothing, accept: page } };
    case "json":
      return { held, asked: { ...nothing, accept: "application/json" } };
    case "xml":
      return { held, asked: { ...nothing, accept: "application/xml" } };
    case "text":
      return { held, asked: { ...nothing, accept: "*/*" } };
    case "event-stream":
      return { held, asked: { ...nothing, accept: "text/event-stream" } };
    case "grpc":
      return { held: { ...held, method: "POST" }, asked: { ...nothing, contentType: "application/grpc" } };
    case "websocket":
      return { held, asked: { ...nothing, upgrade: "websocket" } };
    case "redirect":
      return { held: { ...held, redirectUrl: "https://status.example/" }, asked: { ...nothing, accept: page } };
    case "preflight":
      return {
        held: { ...held, method: "OPTIONS", origins: [elsewhere] },
        asked: { ...nothing, origin: elsewhere, requestMethod: "PUT", requestHeaders: "content-type" },
      };
  }
}
