import type { InstantMs, Period } from "../gate/period.ts";
import { announcedEnd } from "../gate/planned.ts";
import { contentLine, textValue } from "./content-line.ts";

export interface CalendarRequest {
  /** The calendar's name. */
  readonly title: string;
  /** Stands before each reason; may be empty. */
  readonly siteName: string;
  /** The right side of each UID: it keeps apart what two installations number alike. In the form of a host. */
  readonly authority: string;
  /** In order. */
  readonly periods: readonly Period[];
  readonly now: InstantMs;
}

/** How often programs should ask again (RFC 7986, 5.7, and what Outlook reads). */
const refresh = "PT1H";

/**
 * An iCalendar stream (RFC 5545) of periods, an event each, in UTC: readers differ in what they make of zones and of
 * hours that the clocks skip, and which instants a rule yields has been decided already.
 */
export function calendarOf(request: CalendarRequest): string {
  const title = textValue(request.title);
  return [
    contentLine("BEGIN", "VCALENDAR"),
    contentLine("VERSION", "2.0"),
    contentLine("PRODID", "-//lull//lull//EN"),
    contentLine("CALSCALE", "GREGORIAN"),
    contentLine("METHOD", "PUBLISH"),
    contentLine("NAME", title),
    contentLine("X-WR-CALNAME", title),
    contentLine("REFRESH-INTERVAL;VALUE=DURATION", refresh),
    contentLine("X-PUBLISHED-TTL", refresh),
    ...(request.periods.length === 0 ? emptyComponent : []),
    ...eventsOf(request),
    contentLine("END", "VCALENDAR"),
  ].join("");
}

/** A calendar holds one component at least (RFC 5545, 3.6): where nothing is planned, the zone that its times are in. */
const emptyComponent: readonly string[] = [
  contentLine("BEGIN", "VTIMEZONE"),
  contentLine("TZID", "Etc/UTC"),
  contentLine("BEGIN", "STANDARD"),
  contentLine("DTSTART", "19700101T000000"),
  contentLine("TZOFFSETFROM", "+0000"),
  contentLine("TZOFFSETTO", "+0000"),
  contentLine("END", "STANDARD"),
  contentLine("END", "VTIMEZONE"),
];

function eventsOf({ siteName, authority, periods, now }: CalendarRequest): readonly string[] {
  const taken = new Map<string, number>();
  const descriptions = new Map<string, string>();
  const stamp = contentLine("DTSTAMP", utc(now));
  return periods.flatMap((period) => {
    const key = keyOf(period);
    const count = (taken.get(key) ?? 0) + 1;
    taken.set(key, count);
    const end = announcedEnd(period, now);
    return [
      contentLine("BEGIN", "VEVENT"),
      contentLine("UID", textValue(`${count === 1 ? key : `${key}-${count}`}@${authority}`)),
      stamp,
      contentLine("DTSTART", utc(period.start)),
      // Without an end it is an instant (RFC 5545, 3.6.1): better than an end that nobody has promised.
      ...(end === null ? [] : [contentLine("DTEND", utc(Math.ceil(end / 1000) * 1000))]),
      contentLine("SUMMARY", textValue(summaryOf(period, siteName))),
      ...(period.message === "" ? [] : [descriptionOf(period.message)]),
      contentLine("STATUS", "CONFIRMED"),
      contentLine("TRANSP", "TRANSPARENT"),
      contentLine("END", "VEVENT"),
    ];
  });

  /** Occurrences of a rule have one, and it may be long. */
  function descriptionOf(message: string): string {
    const known = descriptions.get(message);
    if (known !== undefined) return known;
    const line = contentLine("DESCRIPTION", textValue(message));
    descriptions.set(message, line);
    return line;
  }
}

/** The same as long as the period is; two occurrences of a rule can be moved to one start. */
function keyOf({ id, recurrenceId, start }: Period): string {
  return recurrenceId === null ? `period-${id}` : `recurrence-${recurrenceId}-${utc(start)}`;
}

function summaryOf({ mode, reason }: Period, siteName: string): string {
  const what = reason === "" ? "Maintenance" : reason;
  const named = siteName === "" ? what : `${siteName}: ${what}`;
  return mode === "readonly" ? `${named} (read only)` : named;
}

const firstInstant = Date.UTC(1970, 0, 1);
const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59);

/** Whole seconds, rounded down; years have four digits (RFC 5545, 3.3.4). */
function utc(instant: InstantMs): string {
  const shown = Math.min(Math.max(instant, firstInstant), lastInstant);
  return new Date(shown).toISOString().replace(/[-:]|\.\d+/g, "");
}
