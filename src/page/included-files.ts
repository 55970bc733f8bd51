import { dirname } from "node:path";
import { Eta } from "eta";
import { readPartials } from "../answer/partials.ts";

/** A file that a template takes into itself when it is rendered. */
export interface IncludedFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

const includes = /\b(?:include|includeAsync|layout)\s*\(\s*(["'`])([^"'`\n]+)\1/g;
const comments = /<%\s*\/\*[\s\S]*?\*\/\s*[-_]?%>/g;

/** What a template, and what it includes, names as included, each once. Names that a template makes are not known. */
export async function includedFiles(path: string, text: string): Promise<readonly IncludedFile[]> {
  if (!path.endsWith(".eta")) return [];
  const views = dirname(path);
  const partials = await readPartials(views);
  const eta = new Eta({ views });
  const found = new Map<string, IncludedFile>();
  collect(text, null);
  return [...found.values()];

  function collect(template: string, filepath: string | null): void {
    for (const [, , name = ""] of template.replace(comments, "").matchAll(includes)) {
      const resolved = resolve(name, filepath);
      const bytes = resolved === null ? undefined : partials.get(resolved);
      if (resolved === null || bytes === undefined || found.has(resolved)) continue;
      const included = { path: resolved, text: new TextDecoder().decode(bytes) };
      found.set(resolved, included);
      collect(included.text, resolved);
    }
  }

  /** null: it leads out of the folder, which is a fault of the template that others name. */
  function resolve(name: string, filepath: string | null): string | null {
    try {
      return eta.resolvePath?.(name, filepath === null ? {} : { filepath }) ?? null;
    } catch {
      return null;
    }
  }
}
