import { LullError } from "../gate/error.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import type { Rule } from "../gate/rule.ts";
import { readRules } from "../gate/rule-text.ts";

/** More are shortened. */
const mostTimes = 6;
const shownTimes = 3;
const TIME_PARTS = /;BY(?:HOUR|MINUTE|SECOND)=[^;]*/g;

/** Which days, and at what time. */
export interface RuleWords {
  /** As RRULE (RFC 5545) on one line, without what `at` says. */
  readonly rule: string;
  /** The times of day of the starts, `02:00, 14:00`; empty where `rule` says more than that. */
  readonly at: string;
}

/** Rules that name times of day themselves (BYHOUR), as those of cron do, are shown as if they had been told `--at`. */
export function ruleWords({ rules, at }: Pick<Recurrence, "rules" | "at">): RuleWords {
  const lines = rules.split("\n");
  if (!rules.includes("BYHOUR=")) return { rule: inLine(lines), at: shortTime(at) };
  const [times, ...others] = new Set(timesOf(rules, at));
  if (times === undefined || others.length > 0) return { rule: inLine(lines), at: "" };
  return { rule: inLine(lines.map((line) => line.replaceAll(TIME_PARTS, ""))), at: times };
}

function inLine(lines: readonly string[]): string {
  return lines.join(" or ");
}

/** Of each rule; none when a rule chooses among its times, or cannot be read. */
function timesOf(rules: string, at: string): readonly string[] {
  try {
    const read = readRules(rules);
    const isPlain = ({ frequency, hours, positions }: Rule) =>
      frequency !== "HOURLY" && hours.length > 0 && positions.length === 0;
    return read.every(isPlain) ? read.map((rule) => inShort(timesOfDay(rule, at))) : [];
  } catch (error) {
    // The list shows what is wrong with it.
    if (!(error instanceof LullError)) throw error;
    return [];
  }
}

/** In order; what the rule does not say comes from `at`. */
function timesOfDay({ hours, minutes, seconds }: Rule, at: string): readonly string[] {
  const [, minute = 0, second = 0] = at.split(":").map(Number);
  const orElse = (list: readonly number[], value: number) => (list.length > 0 ? list : [value]);
  return hours.flatMap((hour) =>
    orElse(minutes, minute).flatMap((each) => orElse(seconds, second).map((last) => timeOfDay(hour, each, last))),
  );
}

function timeOfDay(...parts: readonly number[]): string {
  return shortTime(parts.map((part) => String(part).padStart(2, "0")).join(":"));
}

function inShort(times: readonly string[]): string {
  if (times.length <= mostTimes) return times.join(", ");
  return `${times.slice(0, shownTimes).join(", ")} ... ${times.at(-1)} (${times.length} a day)`;
}

/** Without seconds when there are none: `02:00`. */
export function shortTime(time: string): string {
  return time.replace(/^(\d{2}:\d{2}):00$/, "$1");
}
