import { LullError } from "../gate/error.ts";
import { nearestName } from "../nearest-name.ts";
import { type CommandEntry, commands } from "./commands.ts";

export interface FoundCommand {
  readonly name: string;
  readonly entry: CommandEntry;
  /** What follows the name. */
  readonly rest: readonly string[];
}

/** The command that the words begin with. Throws LullError that says what there is. */
export function findCommand(words: readonly string[]): FoundCommand {
  const [first = "", second = ""] = words;
  for (const [name, length] of [
    [first, 1],
    [`${first} ${second}`, 2],
  ] as const) {
    const entry = !first.includes(" ") && Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry !== undefined) return { name, entry, rest: words.slice(length) };
  }
  throw new LullError("usage", whatIsWrong(first, second));
}

/** The commands whose first word this is: `site add`, `site list` and so on for `site`. */
export function verbsOf(first: string): readonly string[] {
  return Object.keys(commands).filter((name) => name.startsWith(`${first} `));
}

function whatIsWrong(first: string, second: string): string {
  if (first.startsWith("-"))
    return `${first} stands before the command; write the command first: lull COMMAND ${first}`;
  const verbs = verbsOf(first).map((name) => name.slice(first.length + 1));
  if (verbs.length > 0) {
    const all = verbs.join(", ");
    if (second === "" || second.startsWith("-")) return `"${first}" needs one more word: ${all}`;
    const close = suggestion(second, verbs);
    const advice = close === null ? "" : `did you mean ${first} ${close}? `;
    return `"${first} ${second}" is no command; ${advice}${close === null ? "there" : "There"} are ${first} ${all}`;
  }
  const names = Object.keys(commands);
  const close = suggestion(first, [...names, ...names.map((name) => name.split(" ")[0] ?? name)]);
  return `"${first}" is no command${close === null ? "" : `; did you mean ${close}?`} ("lull help" lists all)`;
}

/** Verbs that take away or change what somebody has planned or what runs. */
const undoing: ReadonlySet<string> = new Set(["remove", "disable", "end", "cancel", "skip", "move", "restore"]);

/** What was probably meant; null too when its verb undoes something, because people copy what they are told. */
function suggestion(written: string, names: readonly string[]): string | null {
  // Three letters away is another word.
  const close = nearestName(written, names, 2);
  return close === null || undoing.has(close.split(" ").at(-1) ?? "") ? null : close;
}
