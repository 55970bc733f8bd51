import { parseArgs } from "node:util";
import type { ArgsDef } from "citty";
import { LullError } from "../gate/error.ts";
import { nearestName } from "../nearest-name.ts";
import { repeatable } from "./common-args.ts";
import { synopsis } from "./synopsis.ts";

type Arg = ArgsDef[string];

/** What was given on the command line, checked against a command's definition. */
export interface Given {
  /** Words that belong to no option. */
  readonly words: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  list(name: string): readonly string[];
}

/** A command's arguments, and how it is called in messages. */
export interface Definition {
  readonly name: string;
  readonly args: ArgsDef;
  /** Options, and words, for which an empty value means something. */
  readonly mayBeEmpty?: readonly string[];
}

const hasControls = /\p{Cc}/u;
/** What may be of several lines, and what is read byte by byte. */
const texts: ReadonlySet<string> = new Set(["message", "reason", "uri", "name"]);

/**
 * Reads a command line strictly: citty takes unknown options, empty values and surplus words in silence, and a
 * deploy script that says `--sitee 2` must not close every site. Throws LullError of kind `usage`.
 */
export function readArguments(definition: Definition, rawArgs: readonly string[]): Given {
  const options = optionsOf(definition.args);
  const words: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokensOf(options, rawArgs)) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const arg = options.get(token.name);
    if (arg === undefined) throw unknownOption(definition.name, token.rawName, [...options.keys()]);
    if (arg.type === "boolean") {
      if (token.value !== undefined) throw usage(`${token.rawName} takes no value, and "${token.value}" was given`);
      values.set(token.name, []);
      continue;
    }
    const value = optionValue(token, arg);
    if (value === "" && !definition.mayBeEmpty?.includes(token.name)) {
      throw usage(`${token.rawName} was given an empty value; leave it out, or write one${hint(arg)}`);
    }
    if (hasControls.test(value) && !texts.has(token.name)) {
      throw usage(`${token.rawName} holds a line break or another control character; write it without${hint(arg)}`);
    }
    const before = values.get(token.name) ?? [];
    if (before.length > 0 && !isRepeatable(arg)) {
      throw usage(`${token.rawName} was given twice ("${before[0]}" and "${value}"), and takes one value`);
    }
    values.set(token.name, [...before, ...(isRepeatable(arg) ? splitList(token.rawName, value) : [value])]);
  }
  checkWords(definition, words);
  return {
    words,
    flag: (name) => values.has(name),
    text: (name) => values.get(name)?.[0],
    list: (name) => values.get(name) ?? [],
  };
}

/** Whether help is asked for, however broken the rest may be. */
export function asksForHelp(args: ArgsDef, rawArgs: readonly string[]): boolean {
  return tokensOf(optionsOf(args), rawArgs).some((token) => token.kind === "option" && token.name === "help");
}

function optionsOf(args: ArgsDef): ReadonlyMap<string, Arg> {
  return new Map(Object.entries(args).filter(([, arg]) => arg.type !== "positional"));
}

function tokensOf(options: ReadonlyMap<string, Arg>, rawArgs: readonly string[]) {
  const config = Object.fromEntries(
    [...options].map(([name, arg]) => {
      const type = arg.type === "boolean" ? ("boolean" as const) : ("string" as const);
      const short = "alias" in arg && typeof arg.alias === "string" ? { short: arg.alias } : {};
      return [name, { type, multiple: true, ...short }];
    }),
  );
  return parseArgs({ args: [...rawArgs], options: config, strict: false, allowPositionals: true, tokens: true }).tokens;
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** A value may begin with `-`; one that begins with `--` looks like the next option, and is taken only after `=`. */
function optionValue({ rawName, value, inlineValue }: OptionToken, arg: Arg): string {
  if (value === undefined) throw usage(`${rawName} needs a value${hint(arg)}`);
  if (inlineValue !== true && value.startsWith("--")) {
    throw usage(`${rawName} needs a value${hint(arg)}; if "${value}" is meant, write ${rawName}=${value}`);
  }
  return value;
}

function checkWords({ name, args, mayBeEmpty = [] }: Definition, words: readonly string[]): void {
  const expected = Object.values(args).filter((arg) => arg.type === "positional");
  const lastName = Object.entries(args).findLast(([, arg]) => arg.type === "positional")?.[0] ?? "";
  const empty = mayBeEmpty.includes(lastName) ? -1 : words.indexOf("");
  if (empty >= 0) throw usage(`word ${empty + 1} is empty; write one, or leave it out`);
  const missing = expected[words.length];
  if (missing !== undefined && missing.required !== false) {
    throw usage(`${valueHintOf(missing)} is missing; write: lull ${synopsis(name, args)}`);
  }
  const surplus = words[expected.length];
  const last = expected.at(-1);
  if (surplus !== undefined && !(last !== undefined && isRepeatable(last))) {
    const takesSites = expected.length === 0 && args["site"] !== undefined;
    const written = takesSites
      ? `${synopsis(name, args)} --site SITE (sites are given by --site here)`
      : synopsis(name, args);
    throw usage(`"${surplus}" is one word too many; write: lull ${written}`);
  }
}

function splitList(rawName: string, value: string): readonly string[] {
  const items = value.split(",").map((item) => item.trim());
  if (items.includes("")) throw usage(`${rawName} "${value}" holds an empty item; separate values by single commas`);
  return items;
}

function isRepeatable(arg: Arg): boolean {
  return valueHintOf(arg).endsWith(repeatable);
}

function valueHintOf(arg: Arg): string {
  return "valueHint" in arg ? (arg.valueHint ?? "") : "";
}

function hint(arg: Arg): string {
  const text = valueHintOf(arg).replace(repeatable, "");
  return text === "" ? "" : `: ${text}`;
}

function unknownOption(command: string, rawName: string, names: readonly string[]): LullError {
  const close = nearestName(rawName.replace(/^-+/, ""), names);
  const advice = /^-[^-]/.test(rawName)
    ? "; a word that begins with - goes after --"
    : `; "lull help ${command}" shows those that there are`;
  return usage(`unknown option ${rawName}${close === null ? advice : `; did you mean --${close}?`}`);
}

function usage(message: string): LullError {
  return new LullError("usage", message);
}
