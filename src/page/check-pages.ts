import { existsSync } from "node:fs";
import { join } from "node:path";
import { findSiteFolders, pageNames } from "../answer/page-folders.ts";
import { loadPages } from "../answer/pages.ts";
import { type CheckMeans, checkPage } from "./check-page.ts";
import type { Finding } from "./finding.ts";

export interface PlacesOfPages {
  /** The setting `templates`; empty: none. */
  readonly templates: string;
  /** The setting `maintenance_503_template`; empty: none. */
  readonly maintenance503Template: string;
}

export interface CheckedPages {
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
}

/** Checks every page that a configuration holds, those that serve nobody too. */
export async function checkPages(places: PlacesOfPages, means: CheckMeans): Promise<CheckedPages> {
  const { faults } = await loadPages({ ...places, ...means, onFault: () => {} });
  const files = await pageFiles(places);
  const checked = await checkFiles(files, means);
  // Faults of files stand among the findings already, with more about them.
  const others = faults.filter((fault) => !files.some((file) => fault.startsWith(`template ${file}: `)));
  const told = others.map(
    (what): Finding => ({ file: null, line: null, severity: "error", what, advice: adviceFor(what) }),
  );
  return { files, findings: [...told, ...checked] };
}

/** Throws LullError for a file that is not there. */
export async function checkFiles(files: readonly string[], means: CheckMeans): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const file of files) findings.push(...(await checkPage(file, means)));
  // Several pages can include the same file.
  return [...new Map(findings.map((each) => [`${each.file}:${each.line} ${each.what}`, each])).values()];
}

/** For a fault that is of no one page. */
function adviceFor(fault: string): string {
  if (fault.startsWith("template ")) return 'put it there, or name another with "maintenance_503_template"';
  if (fault.startsWith("templates ")) return 'name a folder that can be read with "templates"';
  return "name each folder of pages after the domain of a site, once";
}

async function pageFiles({ templates, maintenance503Template }: PlacesOfPages): Promise<readonly string[]> {
  const { folders } = await findSiteFolders(templates);
  const all = [...(templates === "" ? [] : [templates]), ...folders.values()];
  const paths = all.flatMap((folder) => pageNames.map((name) => join(folder, name)));
  return [...new Set([maintenance503Template, ...paths])].filter((path) => path !== "" && existsSync(path));
}
