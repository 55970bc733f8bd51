import { LullError } from "../gate/error.ts";
import type { Given } from "./arguments.ts";

export interface WholeOption {
  readonly option: string;
  readonly otherwise: number;
  readonly most: number;
}

/** An option that is a whole number from 1 on. Throws LullError `usage`. */
export function wholeOf(given: Given, { option, otherwise, most }: WholeOption): number {
  const text = given.text(option);
  if (text === undefined) return otherwise;
  if (/^\d+$/.test(text) && Number(text) > 0 && Number(text) <= most) return Number(text);
  throw new LullError("usage", `--${option} "${text}" is not a whole number from 1 to ${most}`);
}
