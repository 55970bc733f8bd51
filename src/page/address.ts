import { maskCharacter } from "./template-mask.ts";

/** Where what a page names is. */
export type Address =
  /** In the page itself, nowhere, or at lull, which answers: `data:`, `#top`, `mailto:`, `/.lull/up`. */
  | { readonly kind: "inside" }
  /** On a server that the address names, whichever that is. */
  | { readonly kind: "external" }
  /** On the server that the page came from, which is closed. */
  | LocalAddress
  /** Known when the template is rendered. */
  | { readonly kind: "computed" };

export interface LocalAddress {
  readonly kind: "local";
  /** Decoded, without query and fragment; it begins with `/` when it counts from the site's root. */
  readonly path: string;
  /** With its `#`, or empty. */
  readonly fragment: string;
}

const insideSchemes: ReadonlySet<string> = new Set(["data", "about", "blob", "javascript", "mailto", "tel", "sms"]);

/** What browsers make of an address (URL Standard, 4.4), as far as it tells who is asked. */
export function addressOf(url: string): Address {
  if (url.includes(maskCharacter)) return { kind: "computed" };
  // "C0 control or space", and what the parser passes over.
  const cleaned = url.replace(/^[\0- ]+|[\0- ]+$|[\t\n\r]+/g, "");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(cleaned)?.[1]?.toLowerCase();
  if (scheme !== undefined) return { kind: insideSchemes.has(scheme) ? "inside" : "external" };
  if (/^[/\\]{2}/.test(cleaned)) return { kind: "external" };
  if (cleaned === "" || cleaned.startsWith("#") || cleaned.startsWith("/.lull/")) return { kind: "inside" };
  const [, path = "", fragment = ""] = /^([^?#]*)[^#]*(#.*)?$/.exec(cleaned) ?? [];
  return { kind: "local", path: decoded(path).replaceAll("\\", "/"), fragment };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
