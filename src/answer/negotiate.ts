/** The headers of the held request that choose the format of its answer. */
export interface Preference {
  readonly accept: string | null;
  readonly contentType: string | null;
}

export type Format = "html" | "json";

/** Nobody lists more; what a visitor sends must not cost more than it is worth. */
const longestList = 2_000;

interface Range {
  readonly type: string;
  readonly quality: number;
}

/**
 * JSON for who sends JSON (django-maintenancemode-2's rule, with parameters allowed) and for who names a JSON type in
 * Accept and prefers it to a named HTML type, or names it first of two that weigh the same (RFC 9110, 12.5.1).
 * Wildcards ask for nothing in particular: those and everything unreadable get HTML.
 */
export function negotiate(preference: Preference): Format {
  if (isJson(mediaType(preference.contentType ?? ""))) return "json";
  const wanted = (preference.accept ?? "")
    .slice(0, longestList)
    .split(",")
    .map(readRange)
    .filter((range) => range.quality > 0 && (isJson(range.type) || isHtml(range.type)));
  const best = Math.max(...wanted.map((range) => range.quality));
  const first = wanted.find((range) => range.quality === best);
  return first !== undefined && isJson(first.type) ? "json" : "html";
}

function readRange(text: string): Range {
  const quality = /;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)/i.exec(text)?.[1];
  return { type: mediaType(text), quality: quality === undefined ? 1 : Number(quality) };
}

function mediaType(text: string): string {
  const end = text.indexOf(";");
  return (end < 0 ? text : text.slice(0, end)).trim().toLowerCase();
}

function isJson(type: string): boolean {
  return type === "application/json" || /^application\/[\w.!#$&^+-]+\+json$/.test(type);
}

function isHtml(type: string): boolean {
  return type === "text/html" || type === "application/xhtml+xml";
}
