import { LullError } from "./error.ts";
import { WEEKDAYS } from "./rule.ts";
import { parseRule } from "./rule-text.ts";

/** One of the five fields of crontab(5). */
interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** What may stand for `least` and the numbers after it. */
  readonly words: readonly string[];
}

const MINUTE: Field = { name: "minute", least: 0, most: 59, words: [] };
const HOUR: Field = { name: "hour", least: 0, most: 23, words: [] };
const DAY_OF_MONTH: Field = { name: "day of month", least: 1, most: 31, words: [] };
const MONTH: Field = {
  name: "month",
  least: 1,
  most: 12,
  words: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
/** 0 and 7 are Sunday. */
const DAY_OF_WEEK: Field = {
  name: "day of week",
  least: 0,
  most: 7,
  words: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
};
const FIELDS = [MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK] as const;

const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ["@hourly", "0 * * * *"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@weekly", "0 0 * * 0"],
  ["@monthly", "0 0 1 * *"],
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
]);

const PIECE = /^(\*|[0-9A-Z]+)(?:-([0-9A-Z]+))?(?:\/(\d+))?$/;

/** What a field lets through, in order; null: everything. */
type Allowed = readonly number[] | null;

/**
 * The rules (RFC 5545, one a line) of a line of crontab(5): minute, hour, day of month, month, day of week. They say the
 * time of day themselves, so a recurrence of them begins its first day at 00:00:00. As cron does, days that are
 * restricted in both fields count when either says so. Throws LullError `usage` that names the field.
 */
export function cronRules(text: string): string {
  const written = text.trim();
  const fields = (SHORTHANDS.get(written.toLowerCase()) ?? written).split(/\s+/);
  if (written.startsWith("@") && fields.length === 1) {
    throw new LullError("usage", `the cron ${quoted(text)} is none of ${[...SHORTHANDS.keys()].join(", ")}`);
  }
  if (written === "" || fields.length !== FIELDS.length) {
    const names = FIELDS.map(({ name }) => name).join(", ");
    const count = written === "" ? 0 : fields.length;
    throw new LullError("usage", `the cron ${quoted(text)} has ${count} fields: write five, ${names}`);
  }
  const writtenIn = (field: Field) => fields[FIELDS.indexOf(field)] ?? "";
  const allowed = (field: Field) => allowedBy(field, writtenIn(field), text);
  const [minutes, hours, monthDays, months] = [allowed(MINUTE), allowed(HOUR), allowed(DAY_OF_MONTH), allowed(MONTH)];
  const weekdays = daysOfWeek(allowed(DAY_OF_WEEK));
  const times = [
    part("BYHOUR", hours ?? numbersFrom(HOUR)),
    part("BYMINUTE", minutes ?? numbersFrom(MINUTE)),
    "BYSECOND=0",
  ];
  const line = (frequency: string, ...days: readonly string[]) =>
    parseRule(
      [`FREQ=${frequency}`, part("BYMONTH", months), ...days, ...times].filter((each) => each !== "").join(";"),
    );
  const byMonthDay = part("BYMONTHDAY", monthDays);
  const byDay = part("BYDAY", weekdays);
  if (monthDays === null) return weekdays === null ? line("DAILY") : line("WEEKLY", byDay);
  if (weekdays === null) return line("MONTHLY", byMonthDay);
  // A star with a step restricts, and yet counts as a star.
  const isEither = ![DAY_OF_MONTH, DAY_OF_WEEK].some((field) => writtenIn(field).startsWith("*"));
  return isEither ? `${line("MONTHLY", byMonthDay)}\n${line("WEEKLY", byDay)}` : line("MONTHLY", byMonthDay, byDay);
}

function part(name: string, values: readonly (number | string)[] | null): string {
  return values === null ? "" : `${name}=${values.join(",")}`;
}

function daysOfWeek(allowed: Allowed): readonly string[] | null {
  if (allowed === null) return null;
  return allowed.flatMap((day) => WEEKDAYS[(day + 6) % 7] ?? []);
}

function allowedBy(field: Field, written: string, text: string): Allowed {
  if (written === "*") return null;
  const values = written
    .toUpperCase()
    .split(",")
    .flatMap((piece) => valuesOf(field, piece, text));
  return [...new Set(values)].sort((a, b) => a - b);
}

function valuesOf(field: Field, piece: string, text: string): readonly number[] {
  const fault = (why: string) =>
    new LullError("usage", `the cron ${quoted(text)}: ${field.name} ${quoted(piece)} ${why}`);
  const [, first, last, step] = PIECE.exec(piece) ?? [];
  if (first === undefined || (first === "*" && last !== undefined)) {
    throw fault(`cannot be read: write numbers, lists (1,3), ranges (1-5) and steps (*/15)`);
  }
  const number = (word: string) => {
    const index = field.words.indexOf(word);
    const value = index >= 0 ? field.least + index : /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
    if (value >= field.least && value <= field.most) return value;
    throw fault(`is not within ${field.least}-${field.most}${field.words.length > 0 ? `, ${namesOf(field)}` : ""}`);
  };
  const from = first === "*" ? field.least : number(first);
  const to = last !== undefined ? number(last) : first === "*" || step !== undefined ? field.most : from;
  const stride = Number(step ?? 1);
  if (stride === 0) throw fault("has a step of 0");
  if (from > to) throw fault(`ends before it begins: write ${from}-${field.most},${field.least}-${to}`);
  return numbersFrom({ ...field, least: from, most: to }).filter((value) => (value - from) % stride === 0);
}

function namesOf({ words }: Field): string {
  return `${words[0]}-${words.at(-1)}`;
}

function numbersFrom({ least, most }: Field): readonly number[] {
  return Array.from({ length: most - least + 1 }, (_, index) => least + index);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
