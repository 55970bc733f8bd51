import { LullError } from "../gate/error.ts";

/** The zone's IANA name in its usual capitals; null for what is no zone, and for bare offsets, which have no summer time. */
export function zoneOf(name: string): string | null {
  try {
    const zone = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
    // Temporal also takes offsets, and the zone out of a whole time: `+01:00`, `T12+01`, `T1200[Europe/Berlin]`.
    return /^[A-Za-z]/.test(zone) && zone.toLowerCase() === name.toLowerCase() ? zone : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The zone that a person means, as `zoneOf` names it. Throws LullError `usage` for what is no zone. */
export function parseZone(text: string): string {
  const zone = zoneOf(text.trim());
  if (zone !== null) return zone;
  throw new LullError(
    "usage",
    `${JSON.stringify(text)} is not a time zone: write an IANA name, such as Europe/Berlin or UTC`,
  );
}
