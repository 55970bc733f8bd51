import type { Reference } from "./references.ts";
import { maskCharacter, maskTemplate } from "./template-mask.ts";

const maskedTag = new RegExp(`${maskCharacter}+`, "g");

/** A text, and the same masked. */
export interface MaskedText {
  readonly text: string;
  readonly masked: string;
}

/** Of the file of a page: only templates have tags. */
export function maskedText(path: string, text: string): MaskedText {
  return { text, masked: path.endsWith(".eta") ? maskTemplate(text) : text };
}

/** The address of a reference of the masked text as its author wrote it, with the template's tags. */
export function writtenUrl({ url, offset }: Reference, { text, masked }: MaskedText): string {
  if (!url.includes(maskCharacter)) return url;
  const start = masked.indexOf(url, offset);
  // Where it holds `&amp;` and the like, it stands nowhere in that way.
  return start < 0 ? url.replace(maskedTag, "<% %>") : text.slice(start, start + url.length);
}

/** What a computed address can become. */
export function urlPattern(url: string): RegExp {
  return new RegExp(`^${url.split(maskedTag).map(escapedForPattern).join("[\\s\\S]*")}$`);
}

/** Characters of an address that no template makes. */
export function literalLength(url: string): number {
  return url.replace(maskedTag, "").length;
}

export function escapedForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
