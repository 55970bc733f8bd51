import { describe, expect, test } from "bun:test";
import type { Bypass } from "../../src/gate/bypass.ts";
import { LullError } from "../../src/gate/error.ts";
import type { Standing } from "../../src/gate/standing.ts";
import { bypass, key } from "./bypass-builders.ts";
import { start } from "./sidecar-fixture.ts";
import { both, entryBypass, halfAnHour, logOf, scene } from "./staff-scene.ts";

describe("the first who comes", () => {
  const before = { bypasses: [], bypassKeys: [] } as const;

  test("has the bypass made, and is let in when checks know it", async () => {
    const admitted: Standing[] = [];
    const place = Promise.withResolvers<() => void>();
    await using one = await scene({
      ...before,
      admitStaff: async (standing) => {
        admitted.push(standing);
        setTimeout(await place.promise, 50);
        return entryBypass(standing);
      },
    });
    place.resolve(() => one.sidecar.place({ ...one.options, bypasses: both, bypassKeys: [key] }));
    const clicked = await one.ask("POST");
    expect([clicked.status, admitted]).toEqual([303, ["staff"]]);
    const cookie = clicked.header("Set-Cookie")?.split(";")[0] ?? "";
    expect((await one.check(cookie)).header("X-Lull-Why")).toBe("staff");
    one.sidecar.clock.elapsedMs = 1_000;
    expect((await one.ask("POST")).status).toBe(303);
    expect(admitted.length).toBe(1);
  });

  test.each<[string, Bypass]>([
    ["is over too soon", entryBypass("staff", { expires: start + halfAnHour - 1 })],
    ["is superusers'", entryBypass("superuser")],
    ["is a link's", bypass({ siteId: null, label: "staff probe" })],
    ["is of one site", entryBypass("staff", { siteId: 1 })],
  ])("has another made when the one that is there %s", async (_, there) => {
    const admitted: Standing[] = [];
    await using one = await scene({
      bypasses: [there],
      admitStaff: async (standing) => {
        admitted.push(standing);
        throw new LullError("unreachable", "database /x does not answer");
      },
    });
    const clicked = await one.ask("POST");
    expect([clicked.status, clicked.header("Retry-After"), clicked.header("Set-Cookie")]).toEqual([503, "60", null]);
    expect(clicked.text()).toContain("the database does not answer");
    expect(admitted).toEqual(["staff"]);
    expect(logOf(one, "staff-not-admitted")).toMatchObject([{ fault: "database /x does not answer" }]);
  });

  test("is told to come again when checks do not know it within a second", async () => {
    await using one = await scene({ ...before, admitStaff: async (standing) => entryBypass(standing) });
    const startedMs = performance.now();
    expect((await one.ask("POST")).status).toBe(503);
    expect(performance.now() - startedMs).toBeWithin(900, 2_000);
    expect(logOf(one, "staff-not-admitted")).toMatchObject([{ fault: "the new snapshot is late" }]);
  });

  test("holds nobody else up", async () => {
    const slow = Promise.withResolvers<Bypass>();
    const asked = Promise.withResolvers<void>();
    const admitStaff = () => {
      asked.resolve();
      return slow.promise;
    };
    await using one = await scene({ ...before, admitStaff });
    const pending = one.ask("POST");
    await asked.promise;
    for (let visit = 0; visit < 20; visit++) expect((await one.check("")).status).toBe(403);
    slow.reject(new LullError("unreachable", "it is over"));
    expect((await pending).status).toBe(503);
  });
});
