import { type Address, addressOf, type LocalAddress } from "./address.ts";
import type { PlacedFinding } from "./finding.ts";
import { findLocalFile, type Surroundings } from "./local-file.ts";
import { mostOfComputed, quoted } from "./quoted.ts";
import { hasLocalImports, type Reference } from "./references.ts";

/** Where a reference stands, which says what helps. */
export type ReferencePlace =
  | {
      readonly kind: "page";
      readonly surroundings: Surroundings;
      /** What `lull page inline` would leave there: one word, or why not is to be heard from it. */
      readonly inlining: "packs" | "leaves" | "refuses";
    }
  /** In a file that the page includes. */
  | { readonly kind: "included" }
  /** In what a template makes. */
  | {
      readonly kind: "made";
      /** As it is written, with the template's tags; null: no part of it is. */
      readonly written: string | null;
    };

/** What is told of a reference, wherever it stands. */
export type ToldReference = Omit<PlacedFinding, "line">;

type Told = ToldReference;

/** What is wrong with what a page names: it is served alone, at every address of a site that is closed. null: nothing. */
export async function tellReference(reference: Reference, place: ReferencePlace): Promise<ToldReference | null> {
  const { role, where, url } = reference;
  const address = addressOf(url);
  const named = `${where} ${quoted(url)}`;
  if (role === "form") return tellForm(named, address);
  switch (address.kind) {
    case "inside":
    case "computed":
      return null;
    case "external":
      return tellExternal(named, reference);
    case "local": {
      const closed = `${named} is asked of the site, which is closed`;
      switch (role) {
        case "base":
          return wrong(`${named} makes every address count from elsewhere`, "take it out");
        case "refresh":
          return { ...wrong(`${named} takes visitors to another address`, onlySeconds), severity: "warning" };
        case "frame":
        case "manifest":
          return wrong(closed, "take it out, or write what it shows into the page itself");
        case "image":
        case "icon":
        case "stylesheet":
        case "script":
        case "media":
        case "preload":
          return tellLocal(reference, address, place);
      }
    }
  }
}

const onlySeconds = 'write the seconds alone, as content="60", so that visitors come back to where they were';

function tellForm(named: string, address: Address): Told | null {
  switch (address.kind) {
    case "computed":
      return null;
    case "external":
      return {
        severity: "hint",
        what: `${named} sends what visitors write to another server`,
        advice: "be sure that it is up while the site is not",
      };
    case "inside":
    case "local":
      return {
        severity: "warning",
        what: `${named} sends what visitors write to the site, which is closed, and it is lost`,
        advice: "take the form out, or let it go to a server that is up",
      };
  }
}

function tellExternal(named: string, { role }: Reference): Told {
  switch (role) {
    case "refresh":
      return { ...wrong(`${named} takes visitors away to another server`, onlySeconds), severity: "warning" };
    case "base":
      return wrong(`${named} makes every address count from another server`, "take it out");
    case "preload":
    case "frame":
    case "manifest":
    case "form":
      return wrong(`${named} asks another server`, "take it out: the page should need nobody");
    case "script":
      return wrong(
        `${named} runs a script of another server`,
        'take it out, or put a copy beside the page and run "lull page inline"',
      );
    case "image":
    case "icon":
    case "stylesheet":
    case "media":
      return wrong(
        `${named} is asked of another server`,
        'put a copy beside the page, name that instead, and run "lull page inline"',
      );
  }
}

async function tellLocal(reference: Reference, address: LocalAddress, place: ReferencePlace): Promise<Told> {
  const { where, url } = reference;
  const closed = `${where} ${quoted(url)} is asked of the site, which is closed`;
  switch (place.kind) {
    case "included":
      return wrong(closed, "it is named in an included file: pack it there, or write the file into the page");
    case "made": {
      const { written } = place;
      const computed = `${where} ${quoted(written ?? "", mostOfComputed)} is known only when it is rendered, and then asked of the site, which is closed`;
      const advice = 'write the file into the page itself: "lull page inline" leaves addresses that a template makes';
      return wrong(written === null ? closed : computed, advice);
    }
    case "page":
      return wrong(...(await adviceFor({ reference, closed, address }, place)));
  }
}

interface ClosedFile {
  readonly reference: Reference;
  readonly closed: string;
  readonly address: LocalAddress;
}

async function adviceFor(
  { reference, closed, address }: ClosedFile,
  { surroundings, inlining }: Extract<ReferencePlace, { readonly kind: "page" }>,
): Promise<readonly [what: string, advice: string]> {
  const found = await findLocalFile(address, surroundings);
  switch (found.kind) {
    case "file":
      if (inlining === "packs") return [closed, '"lull page inline" packs it into the page'];
      if (reference.role === "script" && (await isInParts(reference, found.path))) return [closed, bundleAdvice];
      if (inlining === "refuses") return [closed, '"lull page inline" packs it once what that names is mended'];
      return [closed, '"lull page inline" cannot pack it where it stands: write the file into the page itself'];
    case "absent":
      return [`${closed}, and there is no file ${found.path}`, 'put it there, then run "lull page inline"'];
    case "outside":
      return [
        `${closed}, and ${found.path} is outside of the page's folder`,
        'copy it beside the page, then run "lull page inline"',
      ];
    case "rootless":
      return [closed, 'run "lull page inline" with --root and the folder that "/" stands for'];
  }
}

const bundleAdvice = 'bundle the script with what it imports into one file, name that, and run "lull page inline"';

async function isInParts({ where }: Reference, path: string): Promise<boolean> {
  return where.startsWith("import ") || hasLocalImports(await Bun.file(path).text());
}

function wrong(what: string, advice: string): Told {
  return { severity: "error", what, advice };
}
