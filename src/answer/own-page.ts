import { dirname } from "node:path";
import { Eta } from "eta";
import type { Held } from "./held.ts";
import { english } from "./language.ts";
import { type ContextMeans, type PageContext, pageContext } from "./page-context.ts";
import { readPartials } from "./partials.ts";
import { readTemplateFile, templateText } from "./template-file.ts";

/** A page that the operator wrote. */
export interface OwnPage {
  readonly path: string;
  /** Throws what its template throws. */
  render(context: PageContext): string | Uint8Array<ArrayBuffer>;
}

/**
 * Reads the file: a name that ends in `.eta` is a template, any other a finished page, which is sent byte by byte. null:
 * there is none. Throws when it would not hold, with a line that says why.
 */
export async function readOwnPage(path: string, means: ContextMeans): Promise<OwnPage | null> {
  const bytes = await readTemplateFile(path);
  if (bytes === null) return null;
  const text = templateText(bytes);
  if (!path.endsWith(".eta")) return { path, render: () => bytes };
  const render = await compile(path, text);
  for (const sample of samples) render(pageContext(sample, means));
  return { path, render };
}

async function compile(path: string, text: string): Promise<(context: PageContext) => string> {
  const views = dirname(path);
  const partials = await readPartials(views);
  const eta = new Eta({ autoEscape: true, cache: true, views });
  eta.readFile = (partial) => {
    const bytes = partials.get(partial);
    if (bytes === undefined) throw new Error(`${partial}, which it includes, is not there`);
    return templateText(bytes);
  };
  const template = eta.compile(text);
  return (context) => template.call(eta, context);
}

const sample: Held = {
  site: { id: 1, domain: "example.com", name: "Example" },
  mode: "full",
  message: "Back soon",
  reason: "New disks",
  start: 0,
  end: 3_600_000,
  retryAfterSeconds: 3_600,
  path: "/",
  method: "GET",
  language: english,
  host: "example.com",
  redirectUrl: "",
  origins: [],
};

/** A template must hold with and without what may be unknown. */
const samples: readonly Held[] = [
  sample,
  { ...sample, mode: "readonly", method: "POST", end: null },
  { ...sample, site: null, message: "", reason: "", start: null, end: null, path: "", method: "", host: null },
];
