import { join } from "node:path";
import { createBuiltInPage, type RenderedPage } from "./built-in-page.ts";
import type { Held } from "./held.ts";
import { type OwnPage, type OwnPageMeans, readOwnPage } from "./own-page.ts";
import { pageContext } from "./page-context.ts";
import { findSiteFolders, pageNames } from "./page-folders.ts";
import { createRenderDebt, type RenderDebt } from "./render-debt.ts";
import { templateFault } from "./template-fault.ts";

/** The maintenance pages of all sites. */
export interface Pages {
  /** Why pages of the operator do not serve, a line each. */
  readonly faults: readonly string[];
  /** The folders of single sites: the domains that they are named after, canonical. */
  readonly domains: readonly string[];
  /** Never throws. */
  render(held: Held): RenderedPage;
}

export interface LoadedPages extends Pages {
  /** The same for a file that stands for days (`PageForm`). Never throws. */
  renderStill(held: Held): RenderedPage;
}

export interface PageOptions extends OwnPageMeans {
  /** The folder of the operator's templates; empty: none. */
  readonly templates: string;
  /** One file that goes before the folder; empty: none. */
  readonly maintenance503Template: string;
  /** Told when the operator's template throws; the built-in page serves that visitor. */
  readonly onFault: (fault: string) => void;
}

/** The page that serves in one place; null: the built-in one. */
type Chosen = OwnPage | null;

/**
 * The operator's pages, or the built-in one. A visitor gets the page of the site's own folder, else the file that is
 * named by itself, else the folder's, else the built-in one. Reads files now and never again; throws nothing.
 */
export async function loadPages(options: PageOptions): Promise<LoadedPages> {
  const { templates, maintenance503Template } = options;
  const builtIn = createBuiltInPage(options);
  const still = createBuiltInPage(options, "still");
  const faults: string[] = [];

  const named = maintenance503Template === "" ? [] : [{ path: maintenance503Template, isOptional: false }];
  const common = await choose([...named, ...pagesIn(templates)], null);
  const sites = new Map<string, Chosen>();
  const found = await findSiteFolders(templates);
  faults.push(...found.faults);
  for (const [domain, folder] of found.folders) sites.set(domain, await choose(pagesIn(folder), common));

  /** Pages that have become too dear for what some visitors asked. */
  const setAside = new Set<OwnPage>();
  const debts = new Map<OwnPage, RenderDebt>();

  return {
    faults,
    domains: [...sites.keys()],
    render: (held) => renderWith(builtIn, held),
    renderStill: (held) => renderWith(still, held),
  };

  function renderWith(ours: (held: Held) => RenderedPage, held: Held): RenderedPage {
    const chosen = (held.site === null ? undefined : sites.get(held.site.domain)) ?? common;
    if (chosen === null || setAside.has(chosen)) return ours(held);
    const started = performance.now();
    try {
      return { html: chosen.render(pageContext(held, options)), contentSecurityPolicy: null };
    } catch (error) {
      options.onFault(`template ${chosen.path}: ${templateFault(error)}`);
      return ours(held);
    } finally {
      account(chosen, performance.now() - started);
    }
  }

  function account(page: OwnPage, tookMs: number): void {
    const debt = debts.get(page) ?? createRenderDebt();
    debts.set(page, debt);
    if (!debt.add(tookMs)) return;
    setAside.add(page);
    options.onFault(
      `template ${page.path}: it is too slow for some visitors, while checks wait; the built-in page serves until the pages are read again`,
    );
  }

  /** The first that holds. Those before it are faults. */
  async function choose(candidates: readonly Candidate[], otherwise: Chosen): Promise<Chosen> {
    const broken: string[] = [];
    let chosen = otherwise;
    for (const { path, isOptional } of candidates) {
      try {
        const page = await readOwnPage(path, options);
        if (page === null && isOptional) continue;
        if (page === null) throw new Error("there is no such file");
        chosen = page;
        break;
      } catch (error) {
        broken.push(`template ${path}: ${templateFault(error)}`);
      }
    }
    const serving = chosen === null ? "the built-in page" : chosen.path;
    faults.push(...broken.map((fault) => `${fault}; ${serving} serves`));
    return chosen;
  }
}

interface Candidate {
  readonly path: string;
  /** That it is not there is no fault. */
  readonly isOptional: boolean;
}

function pagesIn(folder: string): readonly Candidate[] {
  return folder === "" ? [] : pageNames.map((name) => ({ path: join(folder, name), isOptional: true }));
}
