import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { ArgsDef } from "citty";
import { commands } from "../../src/cli/commands.ts";
import { commonArgs, waitArgs } from "../../src/cli/common-args.ts";
import type { Shell } from "../../src/cli/shell.ts";
import { synopsis } from "../../src/cli/synopsis.ts";
import { machineWith } from "../support/machine.ts";
import { noon } from "./console.ts";

const guide = (await Bun.file(join(import.meta.dir, "../../docs/commands.md")).text()).replaceAll("\\|", "|");

const shell: Shell = {
  environment: {},
  machine: machineWith({}),
  actor: "ada@desk",
  now: () => noon,
  print: () => {},
  say: () => {},
  readInput: async () => new Uint8Array(),
};

/** Parts of the guide by what they begin with: a heading, or a row of a table that begins with a command. */
const parts = guide.split(/^(?=#|\| `lull )/m);

function partOf(beginning: string): string {
  const found = parts.filter((part) => part.startsWith(beginning));
  return found.length === 1 ? (found[0] ?? "") : `${found.length} parts begin with ${beginning}`;
}

/** Options as the guide writes them: `--site SITE ...` is `site`. */
function optionsIn(part: string): readonly string[] {
  return [...part.matchAll(/`--([a-z][a-z-]*)[^`]*`/g)].map(([, name = ""]) => name);
}

function optionsOf(args: ArgsDef): readonly string[] {
  return Object.keys(args).filter((name) => args[name]?.type !== "positional");
}

describe("docs/commands.md", () => {
  test.each(Object.entries(commands))("names %s, its words and its options, and no others", async (name, entry) => {
    const { args } = await entry.load(shell);
    const written = `\`lull ${synopsis(name, args)}\``;
    const part = parts.find((each) => each.startsWith(`### ${written}\n`) || each.startsWith(`| ${written} |`)) ?? "";
    expect({ written, found: part !== "" }).toEqual({ written, found: true });
    const own = optionsOf(args).filter((option) => !(option in commonArgs) && !(option in waitArgs));
    expect({ missing: own.filter((option) => !optionsIn(part).includes(option)) }).toEqual({ missing: [] });
    expect({ unknown: optionsIn(part).filter((option) => !(option in args) && !(option in waitArgs)) }).toEqual({
      unknown: [],
    });
    expect({ waits: part.includes("(#waiting)") }).toEqual({ waits: "wait" in args });
  });

  test.each([
    ["every command", "## Every command\n", commonArgs],
    ["commands that wait", "### Waiting\n", waitArgs],
  ])("names the options of %s", (_, heading, args) => {
    // The first cells of its rows.
    const listed = optionsIn(partOf(heading).replaceAll(/^(?:[^|].*|\| ([^|]*).*)$/gm, "$1"));
    expect(Object.keys(args).filter((option) => !listed.includes(option))).toEqual([]);
  });

  test("describes no command that is not there", () => {
    const described = [...guide.matchAll(/^(?:### |\| )`lull ([^`]+)`/gm)].map(([, words = ""]) => words);
    const known = [...Object.keys(commands), "help"];
    expect(described.filter((words) => !known.some((name) => words === name || words.startsWith(`${name} `)))).toEqual(
      [],
    );
    expect(described).toHaveLength(known.length);
  });
});
