import { LullError } from "../gate/error.ts";
import type { Given } from "./arguments.ts";

/** The first word as a row's number. `what`: `a period`, `an exemption`. Throws LullError of kind `usage`. */
export function numberWord(given: Given, what: string): number {
  const word = given.words[0] ?? "";
  const number = Number(word);
  if (/^\d+$/.test(word) && Number.isSafeInteger(number)) return number;
  throw new LullError("usage", `"${word}" is not the number of ${what}; the list shows the numbers`);
}
