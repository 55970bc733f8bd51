import { LullError } from "./error.ts";
import type { InstantMs } from "./period.ts";
import { DAY_MS, type WallMs, type WallSpan } from "./wall.ts";

/** What wall times mean in a zone. */
export interface WallClock {
  /** The first reading of a wall time that happens twice; of one that the clocks skip, the end of the gap. */
  startOf(wall: WallMs): InstantMs;
  /** The last reading of a wall time that happens twice; of one that the clocks skip, the end of the gap. */
  endOf(wall: WallMs): InstantMs;
  /** What the clocks of the zone show. */
  wallOf(instant: InstantMs): WallMs;
}

/** How the zone stands to UTC from `since` until the next of them. */
interface Stretch {
  readonly since: InstantMs;
  readonly offsetMs: number;
}

/** No clock is further from UTC, and none skips more than a day (Pacific/Apia left out the 30th of December 2011). */
const FURTHEST_MS = 2 * DAY_MS;

/**
 * The clock of an IANA zone for times within the span. It asks the zone for its changes once, not once for each time of
 * a long list. Throws LullError `refused` when the zone is not known.
 */
export function wallClock(timezone: string, span: WallSpan): WallClock {
  const stretches = stretchesOf(timezone, { from: span.from - FURTHEST_MS, to: span.to + FURTHEST_MS });
  const nextSince = (index: number) => stretches[index + 1]?.since ?? Number.POSITIVE_INFINITY;
  const shows = (wall: WallMs) => (stretch: Stretch, index: number) =>
    wall - stretch.offsetMs >= stretch.since && wall - stretch.offsetMs < nextSince(index);
  // Skipped: the first change after which the clocks are past it.
  const endOfGap = (wall: WallMs) => stretches.find(({ since, offsetMs }) => since + offsetMs > wall)?.since ?? wall;
  return {
    startOf: (wall) => {
      const stretch = stretches.find(shows(wall));
      return stretch === undefined ? endOfGap(wall) : wall - stretch.offsetMs;
    },
    endOf: (wall) => {
      const stretch = stretches.findLast(shows(wall));
      return stretch === undefined ? endOfGap(wall) : wall - stretch.offsetMs;
    },
    wallOf: (instant) => instant + (stretches.findLast(({ since }) => since <= instant)?.offsetMs ?? 0),
  };
}

function stretchesOf(timezone: string, { from, to }: WallSpan): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let since = Number.NEGATIVE_INFINITY;
  let at: Temporal.ZonedDateTime | null = zonedAt(timezone, from);
  while (at !== null && since <= to) {
    stretches.push({ since, offsetMs: at.offsetNanoseconds / 1e6 });
    at = at.getTimeZoneTransition("next");
    since = at?.epochMilliseconds ?? since;
  }
  return stretches;
}

function zonedAt(timezone: string, instant: InstantMs): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `${JSON.stringify(timezone)} is not a time zone: write one like Europe/Paris`;
    throw new LullError("refused", message, { cause: error });
  }
}
