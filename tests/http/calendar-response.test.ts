import { describe, expect, test } from "bun:test";
import { sendRaw } from "../support/raw-http.ts";
import { type Fixture, request, start, startFixture } from "./sidecar-fixture.ts";

const hour = 3_600_000;
const soon = { start: start + hour, end: start + 2 * hour, owner: "kim", reason: "disk", message: "Back at noon" };

async function visit(sidecar: Fixture, host: string) {
  return await sendRaw(
    sidecar.unix,
    request("/public", { "X-Forwarded-Uri": "/.lull/calendar.ics", "X-Forwarded-Host": host }),
  );
}

describe("/.lull/calendar.ics", () => {
  const calendar = async (sidecar: Fixture, host: string) => (await visit(sidecar, host)).text();

  test("is a calendar of the visitor's site", async () => {
    await using sidecar = await startFixture({ sites: [{ name: "Shop" }], periods: [soon] });
    const response = await visit(sidecar, "one.example");
    expect(response.header("Content-Type")).toBe("text/calendar; charset=utf-8; method=PUBLISH");
    expect(response.header("Cache-Control")).toBe("max-age=60, stale-if-error=600");
    expect(response.text().split("\r\n")).toContain("SUMMARY:Shop: disk");
    expect(response.text()).not.toContain("kim");
  });

  test.each<[string, string, string, string]>([
    ["the site's name", "Shop", "shop.example", "Shop"],
    ["else its domain", "", "shop.example", "shop.example"],
    ["of many hosts what they have in common", "", "*.shop.example", "shop.example"],
    ["of all hosts none", "", "*", "Maintenance"],
  ])("is called by %s", async (_, name, domain, title) => {
    await using sidecar = await startFixture({ sites: [{ name, domain }], periods: [soon] });
    expect((await calendar(sidecar, "x.shop.example")).split("\r\n")).toContain(`NAME:${title}`);
  });

  test("is the same for every host of a site, and of this installation", async () => {
    await using sidecar = await startFixture();
    const plan = sidecar.snapshot({ periods: [soon] });
    sidecar.serving.swap({ ...plan, databaseId: "0123456789abcdef0123456789abcdef" });
    const one = await calendar(sidecar, "one.example");
    expect(one.split("\r\n")).toContain("UID:period-1@0123456789ab.lull.invalid");
    expect(await calendar(sidecar, "two.example:8443")).toBe(one);
    sidecar.serving.swap({ ...plan, databaseId: "" });
    expect(await calendar(sidecar, "one.example")).toContain("UID:period-1@lull.invalid\r\n");
  });

  test("has a hundred events at the most", async () => {
    const periods = Array.from({ length: 101 }, (_, index) => ({ start: start + index + 1, end: start + hour }));
    await using sidecar = await startFixture({ periods });
    expect((await calendar(sidecar, "one.example")).split("BEGIN:VEVENT").length - 1).toBe(100);
  });
});
