import { dirname } from "node:path";
import { LullError } from "../gate/error.ts";
import { addressOf, type LocalAddress } from "./address.ts";
import { cssReferences } from "./css-references.ts";
import { applyEdits, type Edit } from "./edits.ts";
import { findLocalFile, mostBytes, type Surroundings } from "./local-file.ts";
import { quoted } from "./quoted.ts";

/** Who names a file. */
export interface Origin {
  readonly surroundings: Surroundings;
  /** For messages: `503.html:12: <img src>`. */
  readonly place: string;
  /** Real paths of the stylesheets around this one. */
  readonly within: readonly string[];
  /** Told of each file that cannot be packed, so that all of them can be named at once. */
  readonly refuse: (refusal: LullError) => void;
}

/** A file that is packed into a page. */
export interface Packed {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** A media type, by the name of the file. */
  readonly type: string;
}

/** What `pack` makes; null: it was refused, and that is told. */
export async function packedOrNull<Result>(
  { refuse }: Pick<Origin, "refuse">,
  pack: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await pack();
  } catch (error) {
    if (!(error instanceof LullError)) throw error;
    refuse(error);
    return null;
  }
}

/** Reads a file that a page names. Throws LullError when it is not there, too large, or out of bounds. */
export async function readReferenced(address: LocalAddress, origin: Origin): Promise<Packed> {
  const { surroundings, place } = origin;
  const found = await findLocalFile(address, surroundings);
  const refuse = (what: string) => new LullError("refused", `${place} ${quoted(address.path)}: ${what}`);
  switch (found.kind) {
    case "rootless":
      throw refuse("it counts from the root of the site; say by --root which folder that is");
    case "outside":
      throw refuse(`${found.path} is outside of ${surroundings.root}; copy it there, or name a wider folder by --root`);
    case "absent":
      throw refuse(`there is no file ${found.path}; put it there, or take the reference out`);
    case "file": {
      if (found.bytes > mostBytes) {
        throw refuse(`${found.path} has ${found.bytes} bytes, and ${mostBytes} is the most; make it smaller`);
      }
      const file = Bun.file(found.path);
      // The type of a name that says nothing.
      if (file.type.startsWith("application/octet-stream")) {
        throw refuse(`the name of ${found.path} does not say what it is; give it an extension such as .png`);
      }
      return { path: found.path, bytes: await file.bytes(), type: file.type };
    }
  }
}

/** A file as an address that holds it (RFC 2397); a stylesheet with all that it names in the same way. */
export async function packedAddress(address: LocalAddress, origin: Origin): Promise<string> {
  const file = await readReferenced(address, origin);
  const bytes = file.type.startsWith("text/css") ? Buffer.from(await packedCss(file, origin)) : file.bytes;
  return dataAddress(file.type, bytes) + address.fragment;
}

export function dataAddress(type: string, bytes: Uint8Array): string {
  return `data:${type.replaceAll(" ", "")};base64,${Buffer.from(bytes).toString("base64")}`;
}

/** The text of a stylesheet of which nothing but addresses on other servers is left outside. */
export async function packedStylesheet(address: LocalAddress, origin: Origin): Promise<string> {
  return packedCss(await readReferenced(address, origin), origin);
}

async function packedCss(file: Packed, origin: Origin): Promise<string> {
  if (origin.within.includes(file.path)) {
    throw new LullError("refused", `${origin.place}: ${file.path} imports itself; take that out`);
  }
  const css = textOf(file, origin);
  const inner = {
    surroundings: { ...origin.surroundings, folder: dirname(file.path) },
    place: `${file.path}:`,
    within: [...origin.within, file.path],
    refuse: origin.refuse,
  };
  return applyEdits(css, await cssEdits(css, inner));
}

/** What packs the files that CSS names. */
export async function cssEdits(css: string, origin: Origin): Promise<readonly Edit[]> {
  const edits: Edit[] = [];
  for (const { url, start, end, form } of cssReferences(css)) {
    const address = addressOf(url);
    if (address.kind !== "local") continue;
    const packed = await packedOrNull(origin, () => packedAddress(address, origin));
    if (packed === null) continue;
    // Base64 needs no escapes, neither in quotes nor without.
    const quote = css.charAt(start);
    edits.push({ start, end, text: form === "url" ? `url(${packed})` : `${quote}${packed}${quote}` });
  }
  return edits;
}

/** Throws LullError when the file is not UTF-8. A byte order mark is no text. */
export function textOf(file: Packed, { place }: Origin): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file.bytes);
  } catch {
    throw new LullError("refused", `${place} ${file.path} is not UTF-8; save it as UTF-8`);
  }
}
