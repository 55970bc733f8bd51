import Negotiator from "negotiator";
import type { Asked } from "./asked.ts";

export type Form = "html" | "json" | "xml" | "problem-xml" | "text" | "event-stream" | "grpc";

/** Nobody lists more; what a visitor sends must not cost more than it is worth, on the thread that answers checks. */
const longestList = 1_000;
const mostRanges = 16;
/** Types that end in `+json` or `+xml`, the preferred first. */
const mostOthers = 4;
const mostKept = 1_000;
const longestKept = 400;

/** Types that we have, and types that mean one of them; of what a wildcard covers the first serves. */
const forms: ReadonlyMap<string, Form> = new Map([
  ["text/plain", "text"],
  ["application/problem+json", "json"],
  ["application/json", "json"],
  ["text/html", "html"],
  ["application/xhtml+xml", "html"],
  ["application/problem+xml", "problem-xml"],
  ["application/xml", "xml"],
  ["text/xml", "xml"],
  ["text/event-stream", "event-stream"],
]);
const types = [...forms.keys()];
const typesForScripts = ["application/problem+json", ...types];

/** A parameter of a media range other than its weight: nobody's answer depends on one. */
const parameter = /;\s*(?!q\s*=)[\w!#$%&'*+.^`|~-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*)/gi;

/**
 * The form that the visitor can use. A call of gRPC, and a request that carries JSON, get the same back (the latter
 * is django-maintenancemode-2's rule, with parameters allowed); any other what Accept prefers (RFC 9110, 12.5.1), where
 * `+json` and `+xml` are JSON and XML. Wildcards, unknown types and nothing at all are text, for scripts JSON.
 * A handshake of WebSocket never sees more than text. Only what is read (GET, HEAD) can be an event stream: elsewhere
 * its 200 would say that what was sent has been taken.
 */
export function chooseForm(asked: Asked, method: string): Form {
  if (asked.upgrade !== null && /\bwebsocket\b/i.test(asked.upgrade)) return "text";
  const contentType = mediaType(asked.contentType);
  if (isGrpc(contentType) && method === "POST") return "grpc";
  if (isJson(contentType)) return "json";
  const isScript = asked.requestedWith?.toLowerCase() === "xmlhttprequest";
  return kept(asked.accept ?? "*/*", { isScript, mayStream: method === "GET" || method === "HEAD" });
}

interface Circumstances {
  readonly isScript: boolean;
  readonly mayStream: boolean;
}

const chosen = new Map<string, Form>();

/** The same few lists come again and again. */
function kept(accept: string, circumstances: Circumstances): Form {
  if (accept.length > longestKept) return byAccept(accept, circumstances);
  const key = `${circumstances.isScript ? "s" : "-"}${circumstances.mayStream ? "g" : "-"}${accept}`;
  const known = chosen.get(key);
  if (known !== undefined) return known;
  const form = byAccept(accept, circumstances);
  if (chosen.size >= mostKept) chosen.clear();
  chosen.set(key, form);
  return form;
}

function byAccept(accept: string, { isScript, mayStream }: Circumstances): Form {
  const bare = accept.slice(0, longestList).replace(parameter, "").split(",", mostRanges).join(",");
  const negotiator = new Negotiator({ headers: { accept: bare } });
  const others = negotiator.mediaTypes().filter((type) => formOf(type) !== null && !forms.has(type.toLowerCase()));
  const known = isScript ? typesForScripts : types;
  const preferred = negotiator.mediaTypes([...known, ...others.slice(0, mostOthers)]);
  const best = preferred.map(formOf).find((form) => form !== null && (form !== "event-stream" || mayStream));
  return best ?? (isScript ? "json" : "text");
}

function formOf(type: string): Form | null {
  const lower = type.toLowerCase();
  const known = forms.get(lower);
  if (known !== undefined) return known;
  if (isJson(lower)) return "json";
  return /^application\/[\w.!#$&^+-]+\+xml$/.test(lower) ? "xml" : null;
}

/** Of `Content-Type`, without its parameters and in lower case. */
export function mediaType(contentType: string | null): string {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function isJson(type: string): boolean {
  return type === "application/json" || /^application\/[\w.!#$&^+-]+\+json$/.test(type);
}

/** `application/grpc`, `application/grpc+proto`, `application/grpc-web-text` and the like. */
function isGrpc(type: string): boolean {
  return /^application\/grpc(?:[+-][\w.+-]{1,60})?$/.test(type);
}
