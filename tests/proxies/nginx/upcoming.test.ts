import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { noticeResponse } from "../../../src/http/notice-response.ts";
import { needProgram } from "../../support/debian.ts";
import { readCalendar } from "../../support/read-calendar.ts";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";

const INTERVAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

const lacksParser = (await needProgram("icalendar")) === null;

/** As lull.conf says how the header is handed on, to visitors and to the application, which shows it again. */
const SERVERS = [
  server(
    "one.test",
    `include snippets/lull.conf;
    location / { add_header X-Lull-Upcoming $lull_upcoming; proxy_pass http://app; ${APPLICATION} }
    location /told/ {
      proxy_set_header X-Marker told-$lull_upcoming;
      proxy_pass http://app;
    }`,
  ),
  server("two.test", `include snippets/lull-site-2.conf; location / { proxy_pass http://app; ${APPLICATION} }`),
].join("");

describe.skipIf(await lacksGate())("what is planned, behind nginx", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({ servers: SERVERS });
    await gate.lull.command("site", "add", "two.test", "--name", "Two; \"a\", 'b'");
  }, 20_000);
  afterAll(() => gate.stop());

  const upcomingOf = async () => (await gate.visit({ host: "one.test" })).response.header("X-Lull-Upcoming");

  test("an open site of which nothing is planned has no header", async () => {
    expect(await upcomingOf()).toBeNull();
  });

  test("a visitor's own header is not taken for it", async () => {
    const headers = ["X-Lull-Upcoming: 2026-11-22T01:00:00Z/.."];
    const { response } = await gate.visit({ host: "one.test", headers });
    expect(response.header("X-Lull-Upcoming")).toBeNull();
  });

  describe("once something is", () => {
    beforeAll(async () => {
      const about = ["--reason", "New disks", "--message", "Back soon"];
      await gate.lull.command(
        "period",
        "add",
        "--site",
        "1",
        "--name",
        "near",
        "--start",
        "in 1h",
        "--for",
        "1h",
        ...about,
      );
      await gate.lull.command(
        "period",
        "add",
        "--site",
        "2",
        "--name",
        "far",
        "--start",
        "in 100h",
        "--for",
        "1h",
        ...about,
      );
    });

    test("visitors are told in the header", async () => {
      const told = (await upcomingOf()) ?? "";
      expect(told).toMatch(INTERVAL);
      const [start = "", end = ""] = told.split("/");
      expect(Date.parse(end) - Date.parse(start)).toBeWithin(3_600_000, 3_601_001);
    });

    test("the application is told", async () => {
      const told = await upcomingOf();
      gate.app.forget();
      await gate.visit({ host: "one.test", target: "/told/x" });
      expect(gate.app.hits(`told-${told}`)).toBe(1);
    });

    test("and not of what is further away than notice_lead", async () => {
      const { response } = await gate.visit({ host: "two.test" });
      expect(response.header("X-Lull-Upcoming")).toBeNull();
    });

    test("/.lull/upcoming.json is each site's own", async () => {
      const planned = async (host: string) => {
        const { response } = await gate.visit({ host, target: "/.lull/upcoming.json" });
        expect(response.header("cache-control")).toBe("max-age=60, stale-if-error=600");
        return JSON.parse(response.text()).periods;
      };
      const public_ = { mode: "full", reason: "New disks", message: "Back soon", running: false };
      expect(await planned("one.test")).toEqual([expect.objectContaining(public_)]);
      const [far] = await planned("two.test");
      expect(Date.parse(far.start)).toBeGreaterThan(Date.now() + 99 * 3_600_000);
    });

    test.skipIf(lacksParser)("/.lull/calendar.ics is a calendar", async () => {
      const { response } = await gate.visit({ host: "two.test", target: "/.lull/calendar.ics" });
      expect(response.header("content-type")).toBe("text/calendar; charset=utf-8; method=PUBLISH");
      const { errors, events } = await readCalendar(response.text());
      expect([errors, events.length]).toEqual([[], 1]);
      expect(events[0]).toMatchObject({
        UID: expect.stringMatching(/^period-2@[0-9a-f]{12}\.lull\.invalid$/),
        SUMMARY: "Two; \"a\", 'b': New disks",
        DESCRIPTION: "Back soon",
      });
    });

    test("/.lull/notice.js is the script", async () => {
      const { response } = await gate.visit({ host: "one.test", target: "/.lull/notice.js" });
      expect([response.status, response.header("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
      expect(response.text()).toBe(await noticeResponse().text());
    });

    test.each(["/.lull/upcoming.json", "/.lull/calendar.ics", "/.lull/notice.js"])(
      "%s: GET and HEAD alone",
      async (target) => {
        const ask = async (method: string) => (await gate.visit({ host: "one.test", method, target })).response;
        const [head, posted, foo] = [await ask("HEAD"), await ask("POST"), await ask("PURGE")];
        expect([head.status, head.body.length, posted.status, foo.status]).toEqual([200, 0, 405, 405]);
      },
    );
  });

  describe("once it has begun", () => {
    beforeAll(() => gate.lull.command("setmaintenance", "on", "1"));

    test("held visitors are told by the page, and not in the header", async () => {
      const { outcome, response } = await gate.visit({ host: "one.test" });
      expect([outcome, response.header("X-Lull-Upcoming")]).toEqual(["held", null]);
    });

    test("pages that are open go on reading what is planned", async () => {
      const { response } = await gate.visit({ host: "one.test", target: "/.lull/upcoming.json" });
      const { periods } = JSON.parse(response.text());
      expect(periods.map(({ running }: { readonly running: boolean }) => running)).toEqual([true, false]);
    });
  });
});
