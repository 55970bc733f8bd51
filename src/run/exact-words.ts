import { readFileSync } from "node:fs";

/** What a word has where its bytes were no UTF-8. */
const replaced = "\uFFFD";

export interface WordsOfLull {
  /** The last words of lull's command line. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The process that has them. */
  readonly processId: number;
}

export interface ExactWords {
  readonly words: readonly Uint8Array[];
  /** `NAME=value`. */
  readonly variables: readonly Uint8Array[];
}

/**
 * The bytes that lull was given: text loses those that are no UTF-8, such as an old file's name, and COMMAND must get
 * them. They are looked up where Linux keeps them, in /proc.
 */
export function exactWords({ words, environment, processId }: WordsOfLull): ExactWords {
  const given = partsOf(`/proc/${processId}/cmdline`, words.some(isDamaged))
    .slice(-1 - words.length)
    .slice(1);
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const inherited = partsOf(`/proc/${processId}/environ`, variables.some(isDamaged));
  return {
    words: words.map((word, index) => exact(word, given.slice(index, index + 1))),
    variables: variables.map((variable) => exact(variable, inherited)),
  };
}

function isDamaged(text: string): boolean {
  return text.includes(replaced);
}

/** Ended by zero bytes. */
function partsOf(file: string, isNeeded: boolean): readonly Buffer[] {
  if (!isNeeded || process.platform !== "linux") return [];
  const parts: Buffer[] = [];
  let rest = readFileSync(file);
  for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
    parts.push(rest.subarray(0, end));
    rest = rest.subarray(end + 1);
  }
  return parts;
}

function exact(text: string, candidates: readonly Buffer[]): Uint8Array {
  const original = isDamaged(text) ? candidates.find((bytes) => bytes.toString() === text) : undefined;
  return original ?? Buffer.from(text);
}
