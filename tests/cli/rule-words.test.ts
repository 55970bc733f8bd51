import { expect, test } from "bun:test";
import { ruleWords } from "../../src/cli/rule-words.ts";
import { cronRules } from "../../src/gate/cron.ts";

const midnight = "00:00:00";

test.each<[string, string, string, string, string]>([
  ["a rule with a time of day", "FREQ=WEEKLY;BYDAY=SU", "02:00:00", "FREQ=WEEKLY;BYDAY=SU", "02:00"],
  ["seconds", "FREQ=DAILY", "02:00:30", "FREQ=DAILY", "02:00:30"],
  ["a cron", cronRules("30 2,14 * * 1"), midnight, "FREQ=WEEKLY;BYDAY=MO", "02:30, 14:30"],
  ["several minutes", cronRules("0,30 2,3 * * *"), midnight, "FREQ=DAILY", "02:00, 02:30, 03:00, 03:30"],
  ["every hour", cronRules("15 * * * *"), midnight, "FREQ=DAILY", "00:15, 01:15, 02:15 ... 23:15 (24 a day)"],
  [
    "days of both kinds",
    cronRules("0 2 1 * 0"),
    midnight,
    "FREQ=MONTHLY;BYMONTHDAY=1 or FREQ=WEEKLY;BYDAY=SU",
    "02:00",
  ],
  ["minutes from the time of day", "FREQ=DAILY;BYHOUR=3,4", "00:20:00", "FREQ=DAILY", "03:20, 04:20"],
  ["a choice among times", "FREQ=DAILY;BYHOUR=3,4;BYSETPOS=1", midnight, "FREQ=DAILY;BYHOUR=3,4;BYSETPOS=1", ""],
  ["some hours of FREQ=HOURLY", "FREQ=HOURLY;INTERVAL=5;BYHOUR=3,4", midnight, "FREQ=HOURLY;INTERVAL=5;BYHOUR=3,4", ""],
  [
    "rules of different times",
    "FREQ=DAILY;BYHOUR=3\nFREQ=WEEKLY;BYHOUR=4",
    midnight,
    "FREQ=DAILY;BYHOUR=3 or FREQ=WEEKLY;BYHOUR=4",
    "",
  ],
  [
    "rules of which one has no hours",
    "FREQ=DAILY;BYHOUR=3\nFREQ=WEEKLY",
    "04:00:00",
    "FREQ=DAILY;BYHOUR=3 or FREQ=WEEKLY",
    "",
  ],
  ["what cannot be read", "FREQ=DAILY;BYHOUR=99", midnight, "FREQ=DAILY;BYHOUR=99", ""],
])("ruleWords of %s: %j", (_sentence, rules, at, rule, shown) => {
  expect(ruleWords({ rules, at })).toEqual({ rule, at: shown });
});
