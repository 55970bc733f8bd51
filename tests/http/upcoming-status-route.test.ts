import { describe, expect, test } from "bun:test";
import { createServingState } from "../../src/http/state.ts";
import { upcomingStatusRoute } from "../../src/http/upcoming-status-route.ts";
import { period, record, recurring, site, snapshotOf } from "../gate/builders.ts";
import { sendRaw } from "../support/raw-http.ts";
import { request, start, startFixture } from "./sidecar-fixture.ts";

const hour = 3_600_000;

describe("/status/upcoming", () => {
  const night = recurring([[start + hour, start + 2 * hour]], { id: 5, name: "night", owner: "lee", reason: "backup" });
  const all = {
    siteId: null,
    name: "all",
    start,
    mode: "readonly",
    reason: "disk",
    message: "Read on",
    owner: "kim",
  } as const;
  const snapshot = snapshotOf({
    revision: 7,
    sites: [record({ site: site(1, "one.example"), recurring: [night] }), record({ site: site(2, "two.example") })],
    everywhere: { periods: [period(all)] },
  });

  test("tells all sites in one list, to this machine also who and why", async () => {
    await using sidecar = await startFixture();
    sidecar.serving.swap(snapshot);
    const response = await sendRaw(sidecar.unix, request("/status/upcoming"));
    expect(response.header("Cache-Control")).toBe("no-store");
    expect(JSON.parse(response.text())).toEqual({
      schemaVersion: 1,
      revision: 7,
      now: "2026-11-20T09:00:00.000Z",
      periods: [
        {
          site: null,
          name: "all",
          recurrence: null,
          start: "2026-11-20T09:00:00.000Z",
          end: null,
          expectedEnd: null,
          mode: "readonly",
          running: true,
          message: "Read on",
          owner: "kim",
          reason: "disk",
        },
        {
          site: 1,
          name: "night",
          recurrence: 5,
          start: "2026-11-20T10:00:00.000Z",
          end: "2026-11-20T11:00:00.000Z",
          expectedEnd: null,
          mode: "full",
          running: false,
          message: "",
          owner: "lee",
          reason: "backup",
        },
      ],
      truncated: false,
    });
  });

  test("tells others when, and neither who nor why", async () => {
    const serving = createServingState();
    serving.swap(snapshot);
    const peer = { kind: "ip", address: "192.0.2.1" } as const;
    const told = await upcomingStatusRoute({ serving, now: () => start }, { peer }).text();
    expect(JSON.parse(told).periods).toMatchObject([{ name: "all" }, { name: "night" }]);
    expect(told).not.toMatch(/owner|reason|kim|lee|disk|backup/);
  });

  test("is for GET and HEAD, and waits for a snapshot", async () => {
    await using sidecar = await startFixture({ empty: true });
    expect((await sendRaw(sidecar.unix, request("/status/upcoming", {}, "POST"))).status).toBe(405);
    expect((await sendRaw(sidecar.unix, request("/status/upcoming"))).status).toBe(503);
  });
});
