import { parseArgs } from "node:util";
import type { ArgsDef } from "citty";
import { nearestName } from "../config-suggestion.ts";
import { LullError } from "../gate/error.ts";

/** Options that every command has. */
export const commonArgs: ArgsDef = {
  json: { type: "boolean", description: "print one JSON object" },
  quiet: { type: "boolean", description: "say nothing but errors" },
  database: { type: "string", valueHint: "FILE", description: "the database, instead of the configured one" },
  config: { type: "string", valueHint: "FILE", description: "the configuration file, instead of the usual places" },
};

/** Options of every command that opens or closes. */
export const waitArgs: ArgsDef = {
  wait: { type: "string", valueHint: "5s", description: "how long to wait for the sidecars to serve the change (5s)" },
  "no-wait": { type: "boolean", description: "do not wait" },
  offline: { type: "boolean", description: "do not mind that no sidecar is registered" },
  "dry-run": { type: "boolean", description: "say what would be done, and change nothing" },
};

/** The end of a `valueHint` that marks an option as one that may be given more than once, or as a list with commas. */
const repeatable = "...";

/** What was given on the command line, checked against a command's definition. */
export interface Given {
  /** Words that belong to no option. */
  readonly words: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  list(name: string): readonly string[];
}

/**
 * Reads a command line strictly: citty takes unknown options, empty values and surplus words in silence, and a
 * deploy script that says `--sitee 2` must not close every site. Throws LullError of kind `usage`.
 */
export function readArguments(definition: ArgsDef, rawArgs: readonly string[]): Given {
  const byName = new Map(Object.entries(definition).filter(([, arg]) => arg.type !== "positional"));
  const byShort = new Map(
    [...byName].flatMap(([name, arg]) => ("alias" in arg && typeof arg.alias === "string" ? [[arg.alias, name]] : [])),
  );
  const options = Object.fromEntries(
    [...byName].map(([name, arg]) => {
      const short = [...byShort].find(([, long]) => long === name)?.[0];
      return [
        name,
        {
          type: arg.type === "boolean" ? ("boolean" as const) : ("string" as const),
          multiple: true,
          ...(short ? { short } : {}),
        },
      ];
    }),
  );
  const { tokens } = parseArgs({ args: [...rawArgs], options, strict: false, allowPositionals: true, tokens: true });
  const words: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const arg = byName.get(token.name);
    if (arg === undefined) throw unknownOption(token.rawName, [...byName.keys()]);
    if (arg.type === "boolean") {
      if (token.value !== undefined) throw usage(`${token.rawName} takes no value, and "${token.value}" was given`);
      values.set(token.name, ["true"]);
      continue;
    }
    if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--")))
      throw usage(`${token.rawName} needs a value${hint(arg)}`);
    if (token.value === "")
      throw usage(`${token.rawName} was given an empty value; leave it out, or write one${hint(arg)}`);
    const many = "valueHint" in arg && arg.valueHint?.endsWith(repeatable) === true;
    const before = values.get(token.name) ?? [];
    if (before.length > 0 && !many) throw usage(`${token.rawName} was given twice, and one value is meant`);
    values.set(token.name, [...before, ...(many ? splitList(token.rawName, token.value) : [token.value])]);
  }
  refuseSurplusWords(definition, words);
  return {
    words,
    flag: (name) => values.has(name),
    text: (name) => values.get(name)?.[0],
    list: (name) => values.get(name) ?? [],
  };
}

function refuseSurplusWords(definition: ArgsDef, words: readonly string[]): void {
  const positionals = Object.entries(definition).filter(([, arg]) => arg.type === "positional");
  const empty = words.indexOf("");
  if (empty >= 0) throw usage(`word ${empty + 1} is empty; write one, or leave it out`);
  const last = positionals.at(-1)?.[1];
  const many = last !== undefined && "valueHint" in last && last.valueHint?.endsWith(repeatable) === true;
  const surplus = words[positionals.length];
  if (surplus !== undefined && !many) throw usage(`"${surplus}" is one word too many`);
}

function splitList(rawName: string, value: string): readonly string[] {
  const items = value.split(",").map((item) => item.trim());
  if (items.includes("")) throw usage(`${rawName} "${value}" holds an empty item; separate values by single commas`);
  return items;
}

function hint(arg: object): string {
  return "valueHint" in arg && typeof arg.valueHint === "string" ? `: ${arg.valueHint}` : "";
}

function unknownOption(rawName: string, names: readonly string[]): LullError {
  const close = nearestName(rawName.replace(/^-+/, ""), names);
  return usage(`unknown option ${rawName}${close === null ? "" : `; did you mean --${close}?`}`);
}

function usage(message: string): LullError {
  return new LullError("usage", message);
}
