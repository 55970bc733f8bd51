import { type Address, addressOf, type LocalAddress } from "./address.ts";
import { lineAt } from "./edits.ts";
import type { PlacedFinding } from "./finding.ts";
import { findLocalFile, type Surroundings } from "./local-file.ts";
import { quoted } from "./quoted.ts";
import type { Reference } from "./references.ts";

/** Where references stand. */
export interface ReferencePlace {
  readonly text: string;
  /** `rendered`: the text is nobody's file, and its lines say nothing. */
  readonly form: "source" | "rendered";
  readonly surroundings: Surroundings;
}

/** What is wrong with what a page names: it is served alone, at every address of a site that is closed. */
export async function referenceFindings(
  references: readonly Reference[],
  place: ReferencePlace,
): Promise<readonly PlacedFinding[]> {
  const findings: PlacedFinding[] = [];
  for (const reference of references) {
    const address = addressOf(reference.url);
    const told = await tell(reference, address, place);
    const line = place.form === "source" ? lineAt(place.text, reference.offset) : null;
    if (told !== null) findings.push({ line, ...told });
  }
  return findings;
}

type Told = Omit<PlacedFinding, "line">;

async function tell(reference: Reference, address: Address, place: ReferencePlace): Promise<Told | null> {
  const { role, where, url } = reference;
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
          return wrong(...(await adviceFor(closed, address, place)));
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

async function adviceFor(
  closed: string,
  address: LocalAddress,
  { surroundings }: ReferencePlace,
): Promise<readonly [what: string, advice: string]> {
  const found = await findLocalFile(address, surroundings);
  switch (found.kind) {
    case "file":
      return [closed, '"lull page inline" packs it into the page'];
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

function wrong(what: string, advice: string): Told {
  return { severity: "error", what, advice };
}
