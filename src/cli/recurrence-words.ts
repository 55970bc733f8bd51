import { clockLengthMs } from "../actions/occurrence-length.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import type { Site } from "../gate/site.ts";
import { formatWall, parseWall, type WallMs } from "../gate/wall.ts";
import type { WallClock } from "../gate/wall-clock.ts";
import { formatDuration } from "../time/duration.ts";
import { formatInstant } from "../time/instant.ts";
import { ruleWords, shortTime } from "./rule-words.ts";
import { scopeOf } from "./scope.ts";

/** A recurrence in words: its name, site and rule, in whose zone, and why. */
export function describeRecurrence(recurrence: Recurrence, sites: ReadonlyMap<number, Site>): string {
  const { id, name, siteId, mode, owner, timezone, from, until, except, reason } = recurrence;
  const days = [
    `from ${from}`,
    ...(until === null ? [] : [`until ${until}`]),
    ...(except.length === 0 ? [] : [`except ${except.join(", ")}`]),
  ];
  const readonly = mode === "readonly" ? ", read-only" : "";
  const by = owner === "" ? "" : ` by ${owner}`;
  const why = reason === "" ? "" : `: ${reason}`;
  const { rule, at } = ruleWords(recurrence);
  const times = `${rule}${at === "" ? "" : ` at ${at}`} ${lengthWords(recurrence)} in ${timezone}`;
  return `"${name}" on ${scopeOf(siteId, sites)}${readonly} (recurrence ${id})${by}, ${times}, ${days.join(", ")}${why}`;
}

/** `for 1h` or `to 03:00`. */
export function lengthWords({ durationMs, to }: Recurrence): string {
  return durationMs === null ? `to ${shortTime(to ?? "")}` : `for ${formatDuration(durationMs)}`;
}

/** When it starts and ends, in the zone and in UTC. */
export function describeTimes({ start, end }: Pick<Occurrence, "start" | "end">, timezone: string): string {
  return `${formatInstant(start, timezone)} to ${formatInstant(end, timezone)}`;
}

/** What a change of the clocks does to an occurrence that nobody has changed, so that it differs from what the rule seems to say; null: nothing. */
export function clockNote(recurrence: Recurrence, occurrence: Occurrence, clock: WallClock): string | null {
  const wall = parseWall(occurrence.wall);
  const lasts = occurrence.end - occurrence.start;
  const [startsAt, endsAt] = [clock.wallOf(occurrence.start), clock.wallOf(occurrence.end)];
  const isOtherLength = lasts !== clockLengthMs(recurrence, wall);
  const length = isOtherLength ? ` and lasts ${formatDuration(lasts)}` : "";
  const start =
    startsAt === wall ? [] : [`the clocks skip ${timeOf(wall)}, so it starts at ${timeOf(startsAt)}${length}`];
  if (endsAt - startsAt === lasts) return start[0] ?? null;
  const meanwhile = isOtherLength
    ? `the clocks change meanwhile, so it lasts ${formatDuration(lasts)}, to ${timeOf(endsAt)}`
    : `the clocks change meanwhile: it ends at ${timeOf(endsAt)} by the new time`;
  return [...start, meanwhile].join("; ");
}

function timeOf(wall: WallMs): string {
  return shortTime(formatWall(wall).slice(11));
}
