import { expect, test } from "bun:test";
import { sendRaw } from "../support/raw-http.ts";
import { type Fixture, request, start, startFixture } from "./sidecar-fixture.ts";

async function scrape(sidecar: Fixture): Promise<string> {
  const response = await sendRaw(sidecar.unix, request("/metrics"));
  expect(response.header("Content-Type")).toStartWith("text/plain; version=0.0.4");
  return response.text();
}

async function check(sidecar: Fixture, host: string | null): Promise<void> {
  await sendRaw(sidecar.unix, request("/check/nginx", { "X-Forwarded-Host": host }));
}

const sites = [
  { id: 1, domain: "one.example" },
  { id: 2, domain: "two.example" },
];

test("the names are there, each with its type, and every line is well formed", async () => {
  await using sidecar = await startFixture({ sites, periods: [{ siteId: 2, start: start - 90_000 }] });
  for (const host of ["one.example", "two.example", "two.example", null]) await check(sidecar, host);
  sidecar.serving.fail("x");
  sidecar.clock.elapsedMs = 2_000;
  const text = await scrape(sidecar);
  for (const line of [
    'lull_verdicts_total{site="1",why="no-period"} 1',
    'lull_verdicts_total{site="2",why="period"} 2',
    'lull_verdicts_total{site="none",why="unreadable-visit"} 1',
    "# TYPE lull_check_seconds histogram",
    'lull_check_seconds_bucket{le="+Inf"} 4',
    "lull_check_seconds_count 4",
    "lull_snapshot_age_seconds 2",
    "lull_revision 7",
    'lull_site_closed_seconds{site="1"} 0',
    'lull_site_closed_seconds{site="2"} 92',
    "lull_database_errors_total 1",
    `lull_build_info{version="1.2.3",commit="",bun="${Bun.version}"} 1`,
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  const sample = /^lull_[a-z_]+(\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\})? (\d+(\.\d+)?(e-?\d+)?)$/;
  for (const line of text.split("\n")) expect(line === "" || line.startsWith("# ") || sample.test(line)).toBeTrue();
});

test("buckets are cumulative", async () => {
  await using sidecar = await startFixture();
  for (let turn = 0; turn < 20; turn++) await check(sidecar, "x");
  const counts = [...(await scrape(sidecar)).matchAll(/_bucket\{le="[^"]+"\} (\d+)/g)].map((match) => Number(match[1]));
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(counts.at(-1)).toBe(20);
});

test("a site that is gone takes its counts along: labels stay bounded", async () => {
  await using sidecar = await startFixture({ sites });
  await check(sidecar, "two.example");
  expect(await scrape(sidecar)).toContain('lull_verdicts_total{site="2"');
  sidecar.place({});
  expect(await scrape(sidecar)).not.toContain('site="2"');
});

test("hosts of visitors make no labels", async () => {
  await using sidecar = await startFixture({ sites, policy: { unknownHost: "open" } });
  for (let turn = 0; turn < 50; turn++) await check(sidecar, `h${turn}.example`);
  const labels = (await scrape(sidecar)).split("\n").filter((line) => line.startsWith("lull_verdicts_total{"));
  expect(labels).toEqual(['lull_verdicts_total{site="none",why="unknown-host"} 50']);
});

test("without a snapshot there is no age and no revision", async () => {
  await using sidecar = await startFixture({ empty: true });
  expect(await scrape(sidecar)).not.toMatch(/^lull_(snapshot_age_seconds|revision) /m);
});
