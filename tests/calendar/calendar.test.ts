import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type CalendarRequest, calendarOf } from "../../src/calendar/calendar.ts";
import { occurrencePeriod } from "../../src/gate/recurrence.ts";
import { hour, now, period, recurring } from "../gate/builders.ts";
import { needProgram } from "../support/debian.ts";
import { readCalendar } from "../support/read-calendar.ts";

function calendar(change: Partial<CalendarRequest> = {}): string {
  return calendarOf({
    title: "Shop",
    siteName: "Shop",
    authority: "0123456789ab.lull.invalid",
    periods: [],
    now,
    ...change,
  });
}

const planned = period({ id: 7, start: now + hour, end: now + 2 * hour, reason: "New disks", message: "Back at two" });

describe("calendarOf", () => {
  test("writes this, to the octet", () => {
    expect(calendar({ periods: [planned] }).split("\r\n")).toEqual([
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//lull//lull//EN",
      "CALSCALE:GREGORIAN",
      "METHOD:PUBLISH",
      "NAME:Shop",
      "X-WR-CALNAME:Shop",
      "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
      "X-PUBLISHED-TTL:PT1H",
      "BEGIN:VEVENT",
      "UID:period-7@0123456789ab.lull.invalid",
      "DTSTAMP:20260115T120000Z",
      "DTSTART:20260115T130000Z",
      "DTEND:20260115T140000Z",
      "SUMMARY:Shop: New disks",
      "DESCRIPTION:Back at two",
      "STATUS:CONFIRMED",
      "TRANSP:TRANSPARENT",
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ]);
  });
});

describe.skipIf((await needProgram("icalendar")) === null)("python3-icalendar reads", () => {
  test("a period", async () => {
    const { properties, events, errors } = await readCalendar(calendar({ periods: [planned] }));
    expect(properties).toMatchObject({ METHOD: "PUBLISH", NAME: "Shop", "X-WR-CALNAME": "Shop" });
    expect(errors).toEqual([]);
    expect(events).toEqual([
      {
        UID: "period-7@0123456789ab.lull.invalid",
        DTSTAMP: "2026-01-15T12:00:00+00:00",
        DTSTART: "2026-01-15T13:00:00+00:00",
        DTEND: "2026-01-15T14:00:00+00:00",
        SUMMARY: "Shop: New disks",
        DESCRIPTION: "Back at two",
        STATUS: "CONFIRMED",
        TRANSP: "TRANSPARENT",
      },
    ]);
  });

  test("a calendar in which nothing is planned, which has a component all the same", async () => {
    const { components, events, errors } = await readCalendar(calendar());
    expect([components, events, errors]).toEqual([["VTIMEZONE"], [], []]);
  });

  test.each<[string, Parameters<typeof period>[0], string | undefined]>([
    ["no end where none is known", {}, undefined],
    ["the end that is expected", { expectedEnd: now + hour }, "2026-01-15T13:00:00+00:00"],
    ["no end where the expected one has passed", { expectedEnd: now - 1 }, undefined],
    ["no end for the end of a lease", { leaseMs: hour, leaseEnd: now + hour }, undefined],
    ["an end later than the start, however short", { start: now + 1, end: now + 2 }, "2026-01-15T12:00:01+00:00"],
    ["an end in a year of four digits", { end: 8.64e15 }, "9999-12-31T23:59:59+00:00"],
  ])("%s", async (_, change, end) => {
    const { events, errors } = await readCalendar(calendar({ periods: [period(change)] }));
    expect([events[0]?.["DTEND"], errors]).toEqual([end, []]);
  });

  test.each<[string, string, Parameters<typeof period>[0], string]>([
    ["site and reason", "Shop", { reason: "Disks" }, "Shop: Disks"],
    ["no site", "", { reason: "Disks" }, "Disks"],
    ["no reason", "Shop", {}, "Shop: Maintenance"],
    ["read only", "Shop", { reason: "Disks", mode: "readonly" }, "Shop: Disks (read only)"],
  ])("a summary of %s", async (_, siteName, change, summary) => {
    const { events } = await readCalendar(calendar({ siteName, periods: [period(change)] }));
    expect(events[0]?.["SUMMARY"]).toBe(summary);
  });

  test("occurrences, known by rule and start, also two with one start", async () => {
    const start = Date.UTC(2026, 9, 25, 1);
    const times = [start, start, start + 24 * hour].map((each, index) => [each, each + hour + index] as const);
    const yielded = recurring(times, { id: 3 });
    const periods = times.map((_, index) => occurrencePeriod(yielded, index));
    const { events, errors } = await readCalendar(calendar({ periods }));
    expect(events.map((event) => event["UID"])).toEqual([
      "recurrence-3-20261025T010000Z@0123456789ab.lull.invalid",
      "recurrence-3-20261025T010000Z-2@0123456789ab.lull.invalid",
      "recurrence-3-20261026T010000Z@0123456789ab.lull.invalid",
    ]);
    expect(errors).toEqual([]);
  });

  test("a name of its own where events have none", async () => {
    const { properties, events } = await readCalendar(
      calendar({ title: "shop.example", siteName: "", periods: [planned] }),
    );
    expect([properties["NAME"], events[0]?.["SUMMARY"]]).toEqual(["shop.example", "New disks"]);
  });

  test("whatever operators wrote as text, and lines stay short", async () => {
    const bad = fc.constantFrom(
      "\r\n",
      "\n",
      "\r",
      "END:VEVENT",
      "\u0000",
      "\u001d",
      "\u2028",
      "\\",
      ";",
      ",",
      ":",
      '"',
      "\ud800",
      "😀",
      "日",
      "\\n",
    );
    const text = fc
      .array(fc.oneof(bad, fc.string({ unit: "binary" })), { maxLength: 40 })
      .map((parts) => parts.join(""));
    const texts = fc.sample(fc.record({ reason: text, message: text, siteName: text }), { numRuns: 300, seed: 3 });
    const written = texts.map(({ siteName, ...change }, id) =>
      calendar({ siteName, periods: [period({ id, end: now + hour, ...change })] }),
    );
    for (const line of written.join("").split("\r\n")) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line).not.toMatch(/[^\P{Cc}\t]/u);
    }
    // A stream may hold many calendars (RFC 5545, 3.4), but one is what this parser takes.
    const events = written.map((each) => each.slice(each.indexOf("BEGIN:VEVENT"), each.indexOf("END:VCALENDAR")));
    const all = calendar().replace(/BEGIN:VTIMEZONE.*END:VTIMEZONE\r\n/s, events.join(""));
    const read = await readCalendar(all);
    expect(read.errors).toEqual([]);
    expect(read.events.map((event) => event["UID"])).toEqual(
      texts.map((_, id) => `period-${id}@0123456789ab.lull.invalid`),
    );
    for (const [id, { message }] of texts.entries()) {
      // This parser takes an escaped backslash before an n for a line feed.
      if (!message.includes("\\")) expect(read.events[id]?.["DESCRIPTION"] ?? "").toBe(asShown(message));
    }
  });
});

function asShown(text: string): string {
  const lines = text.toWellFormed().replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, "\n");
  return lines.replace(/[^\P{Cc}\t\n]/gu, " ");
}
