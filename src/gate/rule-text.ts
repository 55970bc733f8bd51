import { LullError } from "./error.ts";
import { type Frequency, formatDay, type Rule, type RuleDay, type RuleEnd, WEEKDAYS, type Weekday } from "./rule.ts";
import { checkCombination } from "./rule-combination.ts";

/** More says nothing that a person means. */
const LONGEST_TEXT = 4_000;
const LONGEST_QUOTE = 200;
const MOST_LINES = 8;
const LARGEST_INTERVAL = 10_000;
const LARGEST_COUNT = 10_000;

const FREQUENCIES: readonly Frequency[] = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"];
/** In the order of the canonical form. */
const PARTS = [
  "FREQ",
  "UNTIL",
  "COUNT",
  "INTERVAL",
  "BYMONTH",
  "BYWEEKNO",
  "BYYEARDAY",
  "BYMONTHDAY",
  "BYDAY",
  "BYHOUR",
  "BYMINUTE",
  "BYSECOND",
  "BYSETPOS",
  "WKST",
] as const;
type Part = (typeof PARTS)[number];

const UNTIL_FORM = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/;
const DAY_FORM = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/;

/**
 * The canonical form of one value of RRULE, with or without `RRULE:` before it: upper case, parts in a fixed order,
 * lists in order, nothing that says what is so anyway. Throws LullError for what cannot be read or is not taken.
 */
export function parseRule(text: string): string {
  return formatRule(readRule(text));
}

/** One rule a line; the rules of a Recurrence. */
export function readRules(lines: string): readonly Rule[] {
  const written = lines.split("\n").filter((line) => line.trim() !== "");
  if (written.length === 0) throw new LullError("usage", 'there is no rule: write one like "FREQ=WEEKLY;BYDAY=SU"');
  if (written.length > MOST_LINES) {
    throw new LullError("refused", `${written.length} rules are too many: a recurrence has ${MOST_LINES} at most`);
  }
  return written.map(readRule);
}

function readRule(text: string): Rule {
  if (text.length > LONGEST_TEXT) {
    throw new LullError("refused", `a rule of ${text.length} characters is too long: ${LONGEST_TEXT} at most`);
  }
  const parts = partsOf(text);
  const list = (part: Part, range: Range) => numbersOf(text, { part, value: parts.get(part), ...range });
  const rule: Rule = {
    frequency: frequencyOf(text, parts.get("FREQ")),
    interval: wholeOf(text, { part: "INTERVAL", value: parts.get("INTERVAL"), most: LARGEST_INTERVAL }) ?? 1,
    count: wholeOf(text, { part: "COUNT", value: parts.get("COUNT"), most: LARGEST_COUNT }),
    until: endOf(text, parts.get("UNTIL")),
    months: list("BYMONTH", { least: 1, most: 12 }),
    weekNumbers: list("BYWEEKNO", { least: -53, most: 53 }),
    yearDays: list("BYYEARDAY", { least: -366, most: 366 }),
    monthDays: list("BYMONTHDAY", { least: -31, most: 31 }),
    days: daysOf(text, parts.get("BYDAY")),
    hours: list("BYHOUR", { least: 0, most: 23 }),
    minutes: list("BYMINUTE", { least: 0, most: 59 }),
    seconds: list("BYSECOND", { least: 0, most: 59 }),
    positions: list("BYSETPOS", { least: -366, most: 366 }),
    weekStart: weekStartOf(text, parts.get("WKST")),
  };
  checkCombination(rule, text);
  return rule;
}

function partsOf(text: string): ReadonlyMap<Part, string> {
  const parts = new Map<Part, string>();
  const value = text.trim().replace(/^RRULE:/i, "");
  if (value === "") throw new LullError("usage", `${quoted(text)} is no rule: write one like "FREQ=WEEKLY;BYDAY=SU"`);
  for (const piece of value.replace(/;$/, "").toUpperCase().split(";")) {
    const [name = "", partValue = "", ...more] = piece.split("=").map((word) => word.trim());
    const part = PARTS.find((known) => known === name);
    if (part === undefined) throw unreadable(text, `${quoted(piece)} is none of ${PARTS.join(", ")}`);
    if (partValue === "" || more.length > 0)
      throw unreadable(text, `${quoted(piece)} is not of the form ${part}=value`);
    if (parts.has(part)) throw unreadable(text, `${part} is there twice`);
    parts.set(part, partValue);
  }
  return parts;
}

function frequencyOf(text: string, value: string | undefined): Frequency {
  const frequency = FREQUENCIES.find((known) => known === value);
  if (frequency !== undefined) return frequency;
  if (value === undefined) throw unreadable(text, "FREQ is missing, like FREQ=WEEKLY");
  if (value === "SECONDLY" || value === "MINUTELY") {
    throw new LullError("refused", `the rule ${quoted(text)}: FREQ=${value} is too often, HOURLY is the most`);
  }
  throw unreadable(text, `FREQ=${value} is none of ${FREQUENCIES.join(", ")}`);
}

interface Range {
  /** Negative: zero is not in the range. */
  readonly least: number;
  readonly most: number;
}

interface ListPart extends Range {
  readonly part: Part;
  readonly value: string | undefined;
}

/** In order, each once: first the positive ones, then those that count from the end. */
function numbersOf(text: string, { part, value, least, most }: ListPart): readonly number[] {
  if (value === undefined) return [];
  const numbers = value.split(",").map((written) => {
    const number = /^\s*[+-]?\d{1,3}\s*$/.test(written) ? Number(written) : Number.NaN;
    const isAllowed = number >= least && number <= most && !(least < 0 && number === 0);
    if (isAllowed) return number;
    const range = least < 0 ? `1 to ${most} or -1 to ${least}` : `${least} to ${most}`;
    throw unreadable(text, `${part}=${value}: ${quoted(written)} is not a number from ${range}`);
  });
  return [...new Set(numbers)].sort((a, b) => Number(a < 0) - Number(b < 0) || a - b);
}

function wholeOf(text: string, { part, value, most }: Omit<ListPart, "least">): number | null {
  if (value === undefined) return null;
  if (!/^\d+$/.test(value) || Number(value) === 0) {
    throw unreadable(text, `${part}=${value} is not a whole number from 1 on`);
  }
  if (Number(value) > most) {
    throw new LullError("refused", `the rule ${quoted(text)}: ${part}=${value} is too many, ${most} at most`);
  }
  return Number(value);
}

/** A DATE means all of that day: it is compared with times of day. */
function endOf(text: string, value: string | undefined): RuleEnd | null {
  if (value === undefined) return null;
  const [, year, month, day, hour = "23", minute = "59", second = "59", zulu] = UNTIL_FORM.exec(value) ?? [];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const milliseconds = Date.parse(`${iso}Z`);
  // Date.parse takes the 31st of February for the 3rd of March.
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(iso)) {
    throw unreadable(text, `UNTIL=${value} is not a time like 20261231, 20261231T020000 or 20261231T010000Z`);
  }
  return { kind: zulu === "Z" ? "instant" : "wall", milliseconds };
}

function daysOf(text: string, value: string | undefined): readonly RuleDay[] {
  if (value === undefined) return [];
  const days = value.split(",").map((written): RuleDay => {
    const [, ordinal = "0", name] = DAY_FORM.exec(written.trim()) ?? [];
    const weekday = WEEKDAYS.find((known) => known === name);
    const isAllowed = weekday !== undefined && Math.abs(Number(ordinal)) <= 53 && !/^[+-]?0+./.test(written.trim());
    if (isAllowed) return { ordinal: Number(ordinal), weekday };
    throw unreadable(text, `BYDAY=${value}: ${quoted(written)} is not a day like SU, 1MO or -1FR`);
  });
  const unique = new Map(days.map((day) => [formatDay(day), day]));
  return [...unique.values()].sort(
    (a, b) => a.ordinal - b.ordinal || WEEKDAYS.indexOf(a.weekday) - WEEKDAYS.indexOf(b.weekday),
  );
}

function weekStartOf(text: string, value: string | undefined): Weekday {
  if (value === undefined) return "MO";
  const weekday = WEEKDAYS.find((known) => known === value);
  if (weekday === undefined) throw unreadable(text, `WKST=${value} is none of ${WEEKDAYS.join(", ")}`);
  return weekday;
}

function formatRule(rule: Rule): string {
  const values: Readonly<Record<Part, string>> = {
    FREQ: rule.frequency,
    UNTIL: rule.until === null ? "" : formatEnd(rule.until),
    COUNT: rule.count === null ? "" : `${rule.count}`,
    INTERVAL: rule.interval === 1 ? "" : `${rule.interval}`,
    BYMONTH: rule.months.join(","),
    BYWEEKNO: rule.weekNumbers.join(","),
    BYYEARDAY: rule.yearDays.join(","),
    BYMONTHDAY: rule.monthDays.join(","),
    BYDAY: rule.days.map(formatDay).join(","),
    BYHOUR: rule.hours.join(","),
    BYMINUTE: rule.minutes.join(","),
    BYSECOND: rule.seconds.join(","),
    BYSETPOS: rule.positions.join(","),
    WKST: rule.weekStart === "MO" ? "" : rule.weekStart,
  };
  return PARTS.flatMap((part) => (values[part] === "" ? [] : `${part}=${values[part]}`)).join(";");
}

function formatEnd({ kind, milliseconds }: RuleEnd): string {
  const digits = new Date(milliseconds).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return kind === "instant" ? `${digits}Z` : digits;
}

function unreadable(text: string, why: string): LullError {
  return new LullError("usage", `the rule ${quoted(text)} cannot be read: ${why}`);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text);
}
