import { resolve } from "node:path";
import { checkFiles, checkPages } from "../page/check-pages.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { pageMeans, placesOf } from "./page-means.ts";
import { relativeTo } from "./relative-to.ts";
import { deliver, outputOf } from "./report.ts";
import type { Shell } from "./shell.ts";

export function pageCheck(shell: Shell): Command {
  return {
    args: {
      file: {
        type: "positional",
        required: false,
        valueHint: "FILE",
        description: "the page (default: all that templates and maintenance_503_template hold)",
      },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

async function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const means = pageMeans(config, shell.now());
  const [name] = given.words;
  const named = name === undefined ? null : resolve(shell.machine.workingFolder, name);
  const { files, findings } =
    named === null
      ? await checkPages(placesOf(config), means)
      : { files: [named], findings: await checkFiles([named], means) };
  const isFine = findings.every(({ severity }) => severity === "hint");
  const lines = findings.map(({ file, line, severity, what, advice }) => {
    const name = file === null ? "" : relativeTo(shell.machine.workingFolder, file);
    const place = file === null ? "" : line === null ? `${name}: ` : `${name}:${line}: `;
    return `${place}${severity}: ${what}; ${advice}`;
  });
  const output = outputOf(given);
  return deliver(shell, output, {
    exitCode: isFine ? exitCode.done : exitCode.refused,
    lines,
    // Whoever wants errors alone gets these.
    words: [...(output.quiet ? lines : []), summary(files, findings.length)],
    data: { files, findings },
  });
}

function summary(files: readonly string[], count: number): string {
  if (files.length === 0) return "there is no page of your own: the built-in one serves";
  const pages = files.length === 1 ? "1 page" : `${files.length} pages`;
  return count === 0 ? `${pages} checked, nothing to say` : `${pages} checked`;
}
