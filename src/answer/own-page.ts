import { basename, dirname, extname, relative } from "node:path";
import { Eta } from "eta";
import type { ContextMeans, PageContext } from "./page-context.ts";
import { pageNames } from "./page-folders.ts";
import { readPartials } from "./partials.ts";
import { finishedText, readTemplateFile, templateText } from "./template-file.ts";
import { templateTrial } from "./template-trial.ts";

/** A page that the operator wrote. */
export interface OwnPage {
  readonly path: string;
  /** Throws what its template throws. */
  render(context: PageContext): string | Uint8Array<ArrayBuffer>;
}

export interface OwnPageMeans extends ContextMeans {
  /** Renders samples of a template where it can neither hold up nor end anything; why it would not do, null: it holds. */
  readonly tryTemplate: (path: string) => Promise<string | null>;
}

/**
 * Reads the file: a name that ends in `.eta` is a template, any other a finished page, which is sent byte by byte. null:
 * there is none. Throws when it would not hold, with a line that says why.
 */
export async function readOwnPage(path: string, means: OwnPageMeans): Promise<OwnPage | null> {
  const bytes = await readTemplateFile(path);
  if (bytes === null) return null;
  if (!path.endsWith(".eta")) {
    refuseEmpty(finishedText(bytes, nameOfTemplate(path)));
    return { path, render: () => bytes };
  }
  const text = templateText(bytes);
  refuseEmpty(text);
  const fault = await means.tryTemplate(path);
  if (fault !== null) throw new Error(fault);
  return { path, render: await compile(path, text) };
}

/** What is tried apart. Throws what the template throws; otherwise as `templateTrial`. */
export async function tryOwnTemplate(path: string, means: ContextMeans): Promise<string | null> {
  const bytes = await readTemplateFile(path);
  return bytes === null ? null : templateTrial(await compile(path, templateText(bytes)), means);
}

function refuseEmpty(text: string): void {
  if (text.trim() === "") throw new Error("it is empty");
}

/** What a finished page would be called if it were a template. In a folder only one name is looked for. */
function nameOfTemplate(path: string): string {
  return pageNames.includes(basename(path)) ? "503.eta" : `${basename(path, extname(path))}.eta`;
}

const included = "files named .eta of its own folder and of the folders in it can be included";

async function compile(path: string, text: string): Promise<(context: PageContext) => string> {
  const views = dirname(path);
  const partials = await readPartials(views);
  const eta = new Eta({ autoEscape: true, cache: true, views });
  eta.readFile = (partial) => {
    const bytes = partials.get(partial);
    if (bytes !== undefined) return templateText(bytes);
    throw new Error(`it includes "${relative(views, partial)}", which is not there: ${included}`);
  };
  const resolve = eta.resolvePath;
  eta.resolvePath = (partial, options) => {
    try {
      return resolve.call(eta, partial, options);
    } catch {
      throw new Error(`it includes "${partial}", which lies elsewhere: ${included}`);
    }
  };
  const template = eta.compile(text);
  return (context) => template.call(eta, context);
}
