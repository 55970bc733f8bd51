import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { WrittenSpan } from "../../src/mirror/mirror.ts";
import { readWritten } from "../../src/mirror/scribe.ts";
import { createAcknowledgement } from "../../src/store/acknowledgement.ts";
import { period, record, site, snapshotOf } from "../gate/builders.ts";
import { eventually } from "../store/thread-fixture.ts";
import { closing, flagsIn, makeFlagFolders, mirrorScene, pageOf } from "./mirror-scene.ts";

test("a period that begins while a page cannot be written is not late", async () => {
  await using scene = mirrorScene({
    prepare(root) {
      makeFlagFolders(root);
      mkdirSync(join(root, "pages", "3.html"));
    },
  });
  // The attempts of their own are about 250, 750 and 1,750 ms after the first one.
  const start = Date.now() + 1_000;
  scene.mirror.follow(closing([{ siteId: 3 }, { siteId: 2, start }]));
  await eventually(
    () => flagsIn(scene.root).includes("closed/2"),
    (isThere) => isThere,
  );
  expect(Date.now() - start).toBeLessThan(250);
  expect(scene.mirror.fault).toContain("pages/3.html cannot be written");
});

test("who has written is not recorded where a flag could not be", async () => {
  await using scene = mirrorScene({
    prepare(root) {
      makeFlagFolders(root);
      mkdirSync(join(root, "closed", "2"));
    },
  });
  scene.mirror.follow(closing([{ siteId: 2 }]));
  await eventually(
    () => scene.faults.length,
    (count) => count > 0,
  );
  expect(await readWritten(scene.root)).toBe(null);
});

test("what was written is told with the span in which it holds, and anew when the clock has changed it", async () => {
  const spans: WrittenSpan[] = [];
  const start = Date.now() + 300;
  await using scene = mirrorScene({
    onStep(step, span) {
      if (step === "in-step") spans.push(span);
    },
  });
  await scene.settle(closing([{ siteId: 2, start }]));
  expect(spans.map(({ until }) => until)).toEqual([start]);
  await eventually(
    () => spans.length,
    (count) => count === 2,
  );
  expect(spans[1]?.from).toBeGreaterThanOrEqual(start);
  expect(spans[1]?.until).toBe(Number.POSITIVE_INFINITY);
});

test("a start that passes while pages are written is told too", async () => {
  const spans: WrittenSpan[] = [];
  const started = Date.now() - 1_000;
  const start = started + 3_600_000;
  let aheadMs = 0;
  await using scene = mirrorScene({
    now: () => Date.now() + aheadMs,
    renderPage(held) {
      if (held !== null) aheadMs = 3_600_000;
      return pageOf(held);
    },
    onStep(step, span) {
      if (step === "in-step") spans.push(span);
    },
  });
  // More pages than are written in one turn.
  const sites = Array.from({ length: 40 }, (_, index) =>
    record({
      site: site(index + 1, `s${index + 1}.test`),
      periods: [period({ id: index + 1, siteId: index + 1, start: index === 0 ? start : started })],
    }),
  );
  scene.mirror.follow(snapshotOf({ sites }));
  await eventually(
    () => spans.at(-1)?.from ?? 0,
    (from) => from >= start,
  );
  expect(spans.map(({ until }) => until)).toEqual([start, Number.POSITIVE_INFINITY]);
});

test("a mirror that was written before a period began confirms it only when it was written again", () => {
  const one = createAcknowledgement();
  one.place({ revision: 4, changedAt: null, fresh: true });
  expect(one.look(4_000, 0, { from: 3_000, until: Number.POSITIVE_INFINITY }).served.revision).toBe(4);
  one.place({ revision: 5, changedAt: 6_000, fresh: false });
  const before = { from: 5_000, until: 6_000 };
  expect(one.look(5_999, 0, before).served.revision).toBe(4);
  expect(one.look(6_000, 0, before).served.revision).toBe(4);
  expect(one.look(6_001, 0, { from: 6_000, until: 9_000 }).served.revision).toBe(5);
});

test("a change of which no start is part is confirmed without another write", () => {
  const one = createAcknowledgement();
  one.place({ revision: 5, changedAt: 6_000, fresh: true });
  expect(one.look(6_000, 0, { from: 5_000, until: Number.POSITIVE_INFINITY }).served.revision).toBe(5);
});
