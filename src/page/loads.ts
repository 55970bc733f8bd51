import { attributeOf, type MarkupAttribute, type MarkupElement } from "./markup.ts";

/** What a page wants of an address. */
export type LoadRole =
  | "image"
  | "icon"
  | "stylesheet"
  | "script"
  | "media"
  /** Another document, or what a plug-in shows. */
  | "frame"
  | "manifest"
  /** A file that is loaded ahead, or a server that is. */
  | "preload"
  /** Where a form goes. */
  | "form"
  /** Where the page goes by itself. */
  | "refresh"
  /** What all other addresses count from. */
  | "base";

/** An attribute that makes a browser ask for something, now or when a form is sent. */
export interface Load {
  readonly attribute: MarkupAttribute;
  readonly role: LoadRole;
  /** `document`: HTML as text. */
  readonly syntax: "url" | "srcset" | "css" | "refresh" | "document";
}

/** `element attribute`, or `* attribute` for every element. */
const plainLoads: ReadonlyMap<string, readonly [LoadRole, Load["syntax"]]> = new Map([
  ["img src", ["image", "url"]],
  ["img srcset", ["image", "srcset"]],
  ["source src", ["media", "url"]],
  ["source srcset", ["image", "srcset"]],
  ["input src", ["image", "url"]],
  ["video poster", ["image", "url"]],
  ["video src", ["media", "url"]],
  ["audio src", ["media", "url"]],
  ["track src", ["media", "url"]],
  ["body background", ["image", "url"]],
  ["table background", ["image", "url"]],
  ["td background", ["image", "url"]],
  ["th background", ["image", "url"]],
  ["image href", ["image", "url"]],
  ["image xlink:href", ["image", "url"]],
  ["feimage href", ["image", "url"]],
  ["feimage xlink:href", ["image", "url"]],
  ["use href", ["frame", "url"]],
  ["use xlink:href", ["frame", "url"]],
  ["script src", ["script", "url"]],
  ["script href", ["script", "url"]],
  ["script xlink:href", ["script", "url"]],
  ["iframe src", ["frame", "url"]],
  ["iframe srcdoc", ["frame", "document"]],
  ["frame src", ["frame", "url"]],
  ["embed src", ["frame", "url"]],
  ["object data", ["frame", "url"]],
  ["html manifest", ["manifest", "url"]],
  ["form action", ["form", "url"]],
  ["button formaction", ["form", "url"]],
  ["input formaction", ["form", "url"]],
  ["base href", ["base", "url"]],
  ["* style", ["image", "css"]],
  ["* fill", ["image", "css"]],
  ["* stroke", ["image", "css"]],
  ["* filter", ["image", "css"]],
  ["* mask", ["image", "css"]],
  ["* clip-path", ["image", "css"]],
]);

/** By words of `rel`; the first that is there counts. */
const linkRoles: ReadonlyMap<string, LoadRole> = new Map([
  ["stylesheet", "stylesheet"],
  ["icon", "icon"],
  ["apple-touch-icon", "icon"],
  ["apple-touch-icon-precomposed", "icon"],
  ["apple-touch-startup-image", "icon"],
  ["mask-icon", "icon"],
  ["manifest", "manifest"],
  ["preload", "preload"],
  ["modulepreload", "preload"],
  ["prefetch", "preload"],
  ["prerender", "preload"],
  ["preconnect", "preload"],
  ["dns-prefetch", "preload"],
]);

/** What an element's attributes load. Links that visitors follow load nothing. */
export function loadsOf(element: MarkupElement): readonly Load[] {
  return [...element.attributes.values()].flatMap((attribute): readonly Load[] => {
    const plain = plainLoads.get(`${element.name} ${attribute.name}`) ?? plainLoads.get(`* ${attribute.name}`);
    if (plain !== undefined) return [{ attribute, role: plain[0], syntax: plain[1] }];
    const role = element.name === "link" ? linkRole(element) : null;
    if (role !== null && attribute.name === "href") return [{ attribute, role, syntax: "url" }];
    if (role === "preload" && attribute.name === "imagesrcset") return [{ attribute, role, syntax: "srcset" }];
    const refreshes = element.name === "meta" && attributeOf(element, "http-equiv")?.toLowerCase() === "refresh";
    return refreshes && attribute.name === "content" ? [{ attribute, role: "refresh", syntax: "refresh" }] : [];
  });
}

export function linkRole(element: MarkupElement): LoadRole | null {
  const words = relWords(element);
  return [...linkRoles].find(([word]) => words.includes(word))?.[1] ?? null;
}

export function relWords(element: MarkupElement): readonly string[] {
  return (attributeOf(element, "rel") ?? "").toLowerCase().split(/\s+/);
}
