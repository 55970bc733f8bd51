import { type CommandDef, renderUsage } from "citty";
import { commands } from "./commands.ts";
import type { Shell } from "./shell.ts";
import { table } from "./table.ts";

/** All commands, a line each. */
export async function overview(shell: Shell): Promise<readonly string[]> {
  const rows: string[][] = [];
  for (const [name, load] of Object.entries(commands)) rows.push([`  ${name}`, await descriptionOf(await load(shell))]);
  const [, ...lines] = table(["", ""], rows);
  return [
    "lull closes a web site for maintenance and opens it again.",
    "",
    ...lines,
    "",
    "Every command takes --json, --quiet, --database FILE and --config FILE; lull help COMMAND says more.",
    "Exit codes: 0 done or so already, 1 refused, 2 usage, 5 database out of reach, 6 some sidecar does not serve it, 7 no sidecar.",
  ];
}

/** A command's options. */
export async function usageOf(command: CommandDef): Promise<readonly string[]> {
  // citty colours by the variable NO_COLOR=1 alone, even into files.
  return Bun.stripANSI(await renderUsage(command, { meta: { name: "lull" } })).split("\n");
}

async function descriptionOf(command: CommandDef): Promise<string> {
  const meta = typeof command.meta === "function" ? await command.meta() : await command.meta;
  return meta?.description ?? "";
}
