import { LullError } from "../gate/error.ts";
import type { Given } from "./arguments.ts";

/** Refuses (LullError) two options of which one alone can be meant. */
export function refuseBoth(given: Given, first: string, second: string): void {
  if (!given.flag(first) || !given.flag(second)) return;
  throw new LullError("usage", `--${first} and --${second} exclude each other; give one`);
}
