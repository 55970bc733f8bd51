import { type OwnPage, readOwnPage } from "../answer/own-page.ts";
import { pageContext } from "../answer/page-context.ts";
import { templateFault } from "../answer/template-fault.ts";
import type { CheckMeans } from "./check-page.ts";
import { lineAt } from "./edits.ts";
import type { PlacedFinding } from "./finding.ts";
import { guardedContext, type UnknownName } from "./guarded-context.ts";
import { sampleHeld, sampleStates, sampleTitles } from "./samples.ts";
import { escapedForPattern } from "./written-url.ts";

export interface RenderedPages {
  readonly texts: readonly string[];
  readonly findings: readonly PlacedFinding[];
}

/**
 * What visitors would get: of a finished page one text, of a template one for each sample. `text` is that of the file.
 * Only for a page that holds: whatever it does, it does to this process.
 */
export async function renderedPages(path: string, text: string, means: CheckMeans): Promise<RenderedPages> {
  const page = await readOwnPage(path, means);
  const texts: string[] = [];
  const findings: PlacedFinding[] = [];
  const unknown = new Map<string, UnknownName>();
  for (const state of page === null ? [] : sampleStates) {
    try {
      const html =
        page === null ? "" : renderSample(page, pageContext(sampleHeld(state, means.samples), means), unknown);
      texts.push(html);
    } catch (error) {
      findings.push({
        line: null,
        severity: "error",
        what: `it fails for a visitor of a sample (${sampleTitles[state]}): ${templateFault(error)}`,
        advice: "the built-in page serves these visitors",
      });
    }
  }
  const names = [...unknown.values()].map((name) => unknownFinding(name, text));
  return { texts: [...new Set(texts)], findings: [...names, ...findings] };
}

function renderSample(
  page: OwnPage,
  context: Parameters<OwnPage["render"]>[0],
  unknown: Map<string, UnknownName>,
): string {
  const html = page.render(guardedContext(context, (each) => unknown.set(each.name, each)));
  return typeof html === "string" ? html : new TextDecoder().decode(html);
}

function unknownFinding({ name, meant, known }: UnknownName, text: string): PlacedFinding {
  return {
    line: lineOfName(name, text),
    severity: "warning",
    what: `${name} is nothing that pages have`,
    advice: meant === null ? `they have ${known.join(", ")}` : `did you mean ${meant}?`,
  };
}

/** null: it stands nowhere in that way. */
function lineOfName(name: string, text: string): number | null {
  const parts = name.split(".").map(escapedForPattern);
  const whole = new RegExp(`\\b${parts.join("\\s*\\??\\.\\s*")}(?![\\w$])`);
  const last = new RegExp(`(?<![\\w$])${parts.at(-1) ?? ""}(?![\\w$])`);
  const offsets = [whole, last].map((pattern) => text.search(pattern));
  const offset = offsets.find((each) => each >= 0);
  return offset === undefined ? null : lineAt(text, offset);
}
