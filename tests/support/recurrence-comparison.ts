import type { Recurrence } from "../../src/gate/recurrence.ts";
import { occurrencesOf } from "../../src/gate/unroll.ts";
import { type Place, type RecurrenceCase, recurrenceCase } from "./recurrence-cases.ts";
import { askOracle } from "./recurrence-oracle.ts";

const SINCE_MS = Date.UTC(2000, 0, 1);
const UNTIL_MS = Date.UTC(2038, 0, 1);

export interface Places {
  /** Every change of every zone, one in zones that have none, and New Years. */
  readonly places: readonly Place[];
  readonly zoneCount: number;
  /** Zones whose tables differ between Bun and the system, and why. */
  readonly leftOut: readonly string[];
}

/** Instants in milliseconds at which the offset (milliseconds) changes; first, at null, the one before. */
type Changes = readonly (readonly [instant: number | null, offsetMs: number])[];

export async function allZones(): Promise<readonly string[]> {
  const [names = "[]"] = await askOracle([{ ask: "zones" }]);
  return JSON.parse(names);
}

/** Of these zones, as far as Bun and the system know the same of them from 2000 to 2037. */
export async function agreedPlaces(zones: readonly string[]): Promise<Places> {
  const span = { since: SINCE_MS / 1_000, until: UNTIL_MS / 1_000 };
  const [answer = "{}"] = await askOracle([{ ask: "changes", ...span, zones }]);
  const theirs: Readonly<Record<string, Changes>> = JSON.parse(answer);
  const places: Place[] = [];
  const leftOut: string[] = [];
  for (const timezone of zones) {
    const ours = changesOf(timezone);
    const known = theirs[timezone]?.map(([instant, offset]): readonly [number | null, number] => [
      instant,
      offset * 1_000,
    ]);
    const difference = differenceOf(ours, known ?? []);
    if (difference === null) places.push(...placesOf(timezone, ours ?? []));
    else leftOut.push(`${timezone}: ${difference}`);
  }
  places.push(...newYears());
  return { places, zoneCount: zones.length - leftOut.length, leftOut };
}

/** null: Bun does not know the zone. */
function changesOf(timezone: string): Changes | null {
  let at: Temporal.ZonedDateTime | null;
  try {
    at = Temporal.Instant.fromEpochMilliseconds(SINCE_MS).toZonedDateTimeISO(timezone);
  } catch {
    return null;
  }
  let offsetMs = at.offsetNanoseconds / 1e6;
  const changes: [number | null, number][] = [[null, offsetMs]];
  for (at = at.getTimeZoneTransition("next"); at !== null; at = at.getTimeZoneTransition("next")) {
    if (at.epochMilliseconds >= UNTIL_MS) break;
    // Some change no more than a name.
    if (at.offsetNanoseconds / 1e6 === offsetMs) continue;
    offsetMs = at.offsetNanoseconds / 1e6;
    changes.push([at.epochMilliseconds, offsetMs]);
  }
  return changes;
}

function differenceOf(ours: Changes | null, theirs: Changes): string | null {
  if (ours === null) return "Bun does not know it";
  const length = Math.max(ours.length, theirs.length);
  const index = Array.from({ length }).findIndex((_, at) => `${ours[at]}` !== `${theirs[at]}`);
  if (index === -1) return null;
  return `change ${index} is ${describe(ours[index])} in Bun, ${describe(theirs[index])} in the system's tables`;
}

function describe(change: Changes[number] | undefined): string {
  if (change === undefined) return "none";
  const [instant, offsetMs] = change;
  return `${offsetMs / 3_600_000} h from ${instant === null ? "the start" : new Date(instant).toISOString()}`;
}

/** The days around which weeks belong to another year, in a zone without clock changes. */
function newYears(): readonly Place[] {
  const years = Array.from({ length: 38 }, (_, index) => 2000 + index);
  const days = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5];
  return years.flatMap((year) =>
    days.map((day) => ({ timezone: "Etc/UTC", instant: Date.UTC(year, 0, 1 + day, 2), offsetMs: 0 })),
  );
}

/** By what the clocks show before and after each change. */
function placesOf(timezone: string, changes: Changes): readonly Place[] {
  const [[, firstOffset] = [null, 0]] = changes;
  if (changes.length === 1) return [{ timezone, instant: Date.UTC(2024, 1, 29, 12), offsetMs: firstOffset }];
  return changes.flatMap(([instant, offsetMs], index) => {
    if (instant === null) return [];
    const before = changes[index - 1]?.[1] ?? offsetMs;
    return [
      { timezone, instant, offsetMs: before },
      { timezone, instant, offsetMs },
    ];
  });
}

export interface Comparison {
  readonly count: number;
  /** How many of them yield something. */
  readonly yieldingCount: number;
  readonly mismatches: readonly { readonly asked: RecurrenceCase; readonly ours: string; readonly theirs: string }[];
}

/** Makes `count` cases around the places, in turn, and asks both. */
export async function compareWithOracle(
  random: (limit: number) => number,
  { places }: Places,
  count: number,
): Promise<Comparison> {
  const cases = Array.from({ length: count }, (_, index) => {
    const place = places[index % places.length];
    if (place === undefined) throw new Error("there is no place to make a case for");
    return recurrenceCase(random, place);
  });
  // A process of its own: both work at the same time.
  const asked = askOracle(cases.map((each) => ({ ask: "occurrences", ...each })));
  const ours = cases.map(ourAnswer);
  const theirs = await asked;
  const compared = cases.map((each, index) => ({ asked: each, ours: ours[index] ?? "", theirs: theirs[index] ?? "" }));
  return {
    count,
    yieldingCount: theirs.filter((answer) => answer !== "[]").length,
    mismatches: compared.filter((each) => each.ours !== each.theirs),
  };
}

function ourAnswer({ window: [from, to], ...asked }: RecurrenceCase): string {
  const recurrence: Recurrence = {
    ...asked,
    id: 1,
    siteId: null,
    name: "oracle",
    enabled: true,
    mode: "full",
    reason: "",
    message: "",
    owner: "",
  };
  return JSON.stringify(occurrencesOf(recurrence, [], { from, to }).map(({ wall, start, end }) => [wall, start, end]));
}
