import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Held } from "../../src/answer/held.ts";
import { loadPages, type PageOptions, type Pages } from "../../src/answer/pages.ts";
import { createTimeWriter } from "../../src/answer/time-writer.ts";
import { tryTemplateApart } from "../../src/template-trials.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A fresh folder of templates with these files in it. */
export async function folderOf(files: Files, within: TemporaryFolder): Promise<string> {
  const folder = await mkdtemp(within.file("t-"));
  for (const [name, content] of Object.entries(files)) await Bun.write(join(folder, name), content);
  return folder;
}

export function pagesIn(templates: string, change: Partial<PageOptions> = {}): Promise<Pages> {
  return loadPages({
    templates,
    maintenance503Template: "",
    writeTime: createTimeWriter("Europe/Berlin"),
    staffUrl: "",
    tryTemplate: tryTemplateApart({ timezone: "Europe/Berlin", staffUrl: "" }),
    onFault: (fault) => {
      throw new Error(`nobody expected the fault ${fault}`);
    },
    ...change,
  });
}

export function htmlOf(pages: Pages, held: Held): string {
  const { html } = pages.render(held);
  return typeof html === "string" ? html : new TextDecoder().decode(html);
}
