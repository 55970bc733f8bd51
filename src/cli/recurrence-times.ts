import type { ArgsDef } from "citty";
import type { RecurrenceRequest } from "../actions/recurrences.ts";
import { cronRules } from "../gate/cron.ts";
import { LullError } from "../gate/error.ts";
import { parseRule } from "../gate/rule-text.ts";
import { parseDuration } from "../time/duration.ts";
import { type InstantContext, parseDate, parseWallTime } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { repeatable } from "./common-args.ts";
import { refuseBoth } from "./refuse-both.ts";

/** When a recurrence closes. */
export const recurrenceTimeArgs: ArgsDef = {
  rule: { type: "string", valueHint: "RRULE", description: 'RFC 5545, such as "FREQ=WEEKLY;BYDAY=SU"' },
  at: { type: "string", valueHint: "02:00", description: "time of day of the start, with --rule" },
  cron: { type: "string", valueHint: "CRON", description: 'instead of --rule and --at: "0 2 * * 0"' },
  for: { type: "string", valueHint: "1h30m", description: "how long each lasts" },
  to: { type: "string", valueHint: "03:00", description: "time of day at which each ends, instead of --for" },
  from: { type: "string", valueHint: "DATE", description: "the first day that counts (today, or tomorrow)" },
  until: { type: "string", valueHint: "DATE", description: "the last day that counts (default: none)" },
  except: { type: "string", valueHint: `DATE${repeatable}`, description: "a day on which none starts" },
};

export type RecurrenceTimes = Pick<
  RecurrenceRequest,
  "rules" | "cron" | "timezone" | "at" | "durationMs" | "to" | "from" | "until" | "except"
>;

/** Reads `recurrenceTimeArgs`. Throws LullError. */
export function recurrenceTimesOf(given: Given, clock: InstantContext): RecurrenceTimes {
  const [from, until] = [given.text("from"), given.text("until")];
  return {
    timezone: clock.timezone,
    ...startsOf(given),
    ...lengthOf(given),
    from: from === undefined ? null : parseDate(from, clock),
    until: until === undefined ? null : parseDate(until, clock),
    except: given.list("except").map((day) => parseDate(day, clock)),
  };
}

/** The rule's own hours, or the time of day; never two that could differ. */
function startsOf(given: Given): Pick<RecurrenceTimes, "rules" | "cron" | "at"> {
  const [rule, cron, at] = [given.text("rule"), given.text("cron"), given.text("at")];
  refuseBoth(given, "rule", "cron");
  if (cron !== undefined) {
    if (at !== undefined) throw new LullError("usage", "--cron says the time of day itself; leave --at out");
    return { rules: cronRules(cron), cron, at: "00:00:00" };
  }
  if (rule === undefined) {
    throw new LullError("usage", 'when? give --rule "FREQ=WEEKLY;BYDAY=SU" --at 02:00, or --cron "0 2 * * 0"');
  }
  const rules = parseRule(rule);
  const namesHours = rules.includes("BYHOUR=");
  if (at === undefined && !namesHours) {
    throw new LullError("usage", "--at is missing: the time of day at which each starts, such as --at 02:00");
  }
  if (at !== undefined && namesHours) {
    throw new LullError("usage", "BYHOUR of --rule says the time of day already; leave --at out, or BYHOUR");
  }
  return { rules, at: at === undefined ? "00:00:00" : parseWallTime(at) };
}

function lengthOf(given: Given): Pick<RecurrenceTimes, "durationMs" | "to"> {
  const [duration, to] = [given.text("for"), given.text("to")];
  refuseBoth(given, "for", "to");
  if (duration !== undefined) return { durationMs: parseDuration(duration), to: null };
  if (to !== undefined) return { durationMs: null, to: parseWallTime(to) };
  throw new LullError("usage", "how long? give --for 1h, or --to 03:00");
}
