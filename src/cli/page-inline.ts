import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { LullError } from "../gate/error.ts";
import { inlinePage, type LeftReference } from "../page/inline.ts";
import { mostOfComputed, quoted } from "../page/quoted.ts";
import { writeWhole } from "../page/write-whole.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { exitCode } from "./exit-code.ts";
import { relativeTo } from "./relative-to.ts";
import { deliver, outputOf } from "./report.ts";
import type { Shell } from "./shell.ts";

export function pageInline(shell: Shell): Command {
  return {
    args: {
      file: { type: "positional", valueHint: "FILE", description: "the page; a template (.eta) keeps its tags" },
      output: { type: "string", valueHint: "FILE", description: "where the result goes (default: standard output)" },
      root: {
        type: "string",
        valueHint: "FOLDER",
        description: "where files may come from, and what / counts from (default: the page's folder, and / is refused)",
      },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

async function run(shell: Shell, given: Given): Promise<number> {
  const absolute = (name: string) => resolve(shell.machine.workingFolder, name);
  const path = absolute(given.words[0] ?? "");
  const [root, output] = ["root", "output"].map((name) => given.text(name));
  const { page, left } = await inlinePage({
    path,
    text: await readPage(path),
    root: root === undefined ? null : absolute(root),
  });
  const bytes = Buffer.byteLength(page);
  const words = left.map((each) => leftWords(shell.machine.workingFolder, each));
  const form = outputOf(given);
  if (output === undefined) {
    if (!form.json) shell.print(page.replace(/\n$/, ""));
    return deliver(shell, form, {
      exitCode: exitCode.done,
      words,
      data: { file: path, output: null, bytes, left, page },
    });
  }
  const target = absolute(output);
  await writeWhole(target, page);
  return deliver(shell, form, {
    exitCode: exitCode.done,
    lines: [`written to ${target}, ${bytes} bytes`],
    words,
    data: { file: path, output: target, bytes, left },
  });
}

function leftWords(folder: string, { file, where, url, kind }: LeftReference): string {
  const place = file === null ? "" : `${relativeTo(folder, file)}: `;
  const named = `${place}${where} ${quoted(url, kind === "computed" ? mostOfComputed : undefined)}`;
  const isIncluded = file !== null && kind === "local";
  return `left as it is: ${named} (${isIncluded ? includedReason : reasons[kind]})`;
}

const includedReason = "named in an included file: pack it there, or write the file into the page";

const reasons = {
  external: "on another server",
  local: "cannot be packed",
  computed: "known only when the template is rendered",
};

/** Throws LullError. */
async function readPage(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const what = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new LullError("refused", `${path}: ${what}; name the file of a page`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new LullError("refused", `${path} is not UTF-8; save it as UTF-8`);
  }
}
