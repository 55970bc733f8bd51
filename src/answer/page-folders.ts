import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { canonicalDomain } from "../gate/host.ts";

/** In the order in which they are looked for; the last is django-downtime's name. */
export const pageNames: readonly string[] = ["503.eta", "503.html", "downtime.html"];

export interface SiteFolders {
  /** By the site's domain, canonical. */
  readonly folders: ReadonlyMap<string, string>;
  readonly faults: readonly string[];
}

/** The folders in `templates` that hold a page and are named after a site's domain. Others may hold anything else. */
export async function findSiteFolders(templates: string): Promise<SiteFolders> {
  const folders = new Map<string, string>();
  const faults: string[] = [];
  if (templates === "") return { folders, faults };
  let names: string[];
  try {
    names = (await readdir(templates)).sort();
  } catch (error) {
    return { folders, faults: [`templates ${templates}: ${whyUnread(error)}`] };
  }
  for (const name of names) {
    const path = join(templates, name);
    if (!(await holdsPage(path))) continue;
    try {
      const domain = canonicalDomain(name);
      const other = folders.get(domain);
      if (other !== undefined) throw new Error(`it is of the same site as ${other}, which serves`);
      folders.set(domain, path);
    } catch (error) {
      faults.push(`folder ${path} holds a page and serves nobody: ${messageOf(error)}`);
    }
  }
  return { folders, faults };
}

async function holdsPage(path: string): Promise<boolean> {
  try {
    const names = await readdir(path);
    return names.some((name) => pageNames.includes(name));
  } catch {
    // A file, or a folder that is not ours to read.
    return false;
  }
}

function whyUnread(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return "there is no such folder";
  if (code === "ENOTDIR") return "it is no folder";
  return `it cannot be read (${messageOf(error)})`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
