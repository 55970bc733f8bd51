import { LullError } from "../gate/error.ts";
import { parseDuration } from "../time/duration.ts";
import type { Origin } from "./keys.ts";

/** A value as somebody wrote it: TOML's types from the file, text from everywhere else. */
export interface Given {
  readonly value: unknown;
  readonly origin: Origin;
}

/** What a rule made of a value; each fault is a sentence that quotes what is wrong and says what is allowed. */
export type Reading<Value> =
  | { readonly kind: "read"; readonly value: Value }
  | { readonly kind: "refused"; readonly faults: readonly string[] };

export type Rule<Value> = (given: Given) => Reading<Value>;

const LONGEST_QUOTE = 120;

export function read<Value>(value: Value): Reading<Value> {
  return { kind: "read", value };
}

export function refuse(value: unknown, allowed: string): Reading<never> {
  return { kind: "refused", faults: [`${quote(value)} is not allowed; use ${allowed}`] };
}

/** Reads with a function that throws LullError for what it refuses. */
export function attempt<Value>(value: unknown, parse: () => Value): Reading<Value> {
  try {
    return read(parse());
  } catch (error) {
    if (!(error instanceof LullError)) throw error;
    const quoted = quote(value);
    // The message may hold the value as it was written: a fault is one line all the same.
    const message = error.message.replaceAll(/\s+/g, " ");
    return { kind: "refused", faults: [message.includes(quoted) ? message : `${quoted}: ${message}`] };
  }
}

function quote(value: unknown): string {
  const written = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return written.length > LONGEST_QUOTE ? `${written.slice(0, LONGEST_QUOTE)}...` : written;
}

/** A text that `check` accepts. */
export function text<Value>(allowed: string, check: (value: string) => Reading<Value>): Rule<Value> {
  return ({ value }) => (typeof value === "string" ? check(value.trim()) : refuse(value, allowed));
}

/** A text that is empty or fits. */
export function textOrEmpty(allowed: string, fits: (value: string) => boolean): Rule<string> {
  return text(allowed, (value) => (value === "" || fits(value) ? read(value) : refuse(value, allowed)));
}

/** TOML's truth values in the file, their names elsewhere. */
export const truth: Rule<boolean> = ({ value }) => {
  if (value === true || value === "true") return read(true);
  return value === false || value === "false" ? read(false) : refuse(value, "true or false");
};

export function choice<Name extends string>(names: readonly Name[]): Rule<Name> {
  const allowed = `one of ${names.map((name) => JSON.stringify(name)).join(", ")}`;
  return text(allowed, (value) => {
    const name = names.find((candidate) => candidate === value);
    return name === undefined ? refuse(value, allowed) : read(name);
  });
}

/** A list in the file, comma-separated text elsewhere; every entry is checked, and every bad one is a fault. */
export function list(example: string, check: (entry: string) => Reading<string>): Rule<readonly string[]> {
  return ({ value, origin }) => {
    const entries: unknown = origin.kind === "file" ? value : splitAtCommas(value);
    if (!Array.isArray(entries)) return refuse(value, `a list, such as [${JSON.stringify(example)}]`);
    const values: string[] = [];
    const faults: string[] = [];
    for (const entry of entries) {
      const reading =
        typeof entry === "string" ? check(entry) : refuse(entry, `text, such as ${JSON.stringify(example)}`);
      if (reading.kind === "read") values.push(reading.value);
      else faults.push(...reading.faults);
    }
    return faults.length === 0 ? read(values) : { kind: "refused", faults };
  };
}

function splitAtCommas(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value.trim() === "" ? [] : value.split(",").map((entry) => entry.trim());
}

/** A whole number, at least 1. */
export const positiveInteger: Rule<number> = ({ value }) => {
  const number = wholeNumber(value);
  return number !== null && number >= 1 ? read(number) : refuse(value, "a whole number, at least 1");
};

/** Seconds: a whole number, at least 1, or a duration with its unit (`5m`). */
export const seconds: Rule<number> = ({ value, origin }) => {
  if (wholeNumber(value) !== null) return positiveInteger({ value, origin });
  if (typeof value !== "string") return refuse(value, 'whole seconds, at least 1, or a duration such as "5m"');
  return attempt(value, () => parseDuration(value) / 1_000);
};

/** Milliseconds: a duration with its unit (`48h`). A bare number is refused, because nothing says of what it is. */
export const duration: Rule<number> = text('a duration with its unit, such as "48h"', (value) =>
  attempt(value, () => parseDuration(value)),
);

function wholeNumber(value: unknown): number | null {
  const number = typeof value === "string" && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : null;
}
