import { LullError } from "../gate/error.ts";
import type { Given } from "./arguments.ts";

/** Which of few words was given for an option; undefined: it was not given. Throws LullError for any other. */
export function choiceOf<Word extends string>(given: Given, option: string, words: readonly Word[]): Word | undefined {
  const written = given.text(option);
  const choice = words.find((word) => word === written);
  if (written === undefined || choice !== undefined) return choice;
  throw new LullError("usage", `invalid --${option} "${written}" (choose from ${words.join(", ")})`);
}
