/** Prints the time of a verdict on a site with many periods and recurrences: open, closed, and at random instants. */
import { decide } from "../../src/gate/decide.ts";
import type { Recurrence } from "../../src/gate/recurrence.ts";
import { buildSnapshot } from "../../src/gate/snapshot.ts";
import { unroll } from "../../src/gate/unroll.ts";
import { windowAround } from "../../src/gate/unroll-window.ts";
import type { Verdict } from "../../src/gate/verdict.ts";
import { everywhere, hour, now, period, policy, record, site, visit } from "../gate/builders.ts";
import { hostOf, pathOf } from "./closed-sites.ts";
import { printFigures } from "./figures.ts";
import { inTurn, median } from "./statistics.ts";
import { callsSeen, microsecondsEach } from "./timing.ts";

const rounds = 150;
const callsInRound = 5_000;
const day = 24 * hour;

/** Once a day at 00:00, 01:00, ... for half an hour. */
function daily(index: number): Recurrence {
  return {
    ...{ id: index + 1, siteId: 1, name: `nightly-${index}`, rules: "FREQ=DAILY", timezone: "Europe/Paris" },
    ...{
      at: `${String(index).padStart(2, "0")}:00:00`,
      durationMs: hour / 2,
      to: null,
      from: "2025-01-01",
      until: null,
    },
    ...{ except: [], enabled: true, mode: "full", reason: "", message: "", owner: "" },
  };
}

if (import.meta.main) {
  const window = windowAround(now);
  const recurrences = Array.from({ length: 20 }, (_, index) => daily(index));
  const startedNs = Bun.nanoseconds();
  const recurring = recurrences.map((each) => unroll(each, [], window));
  const unrollMilliseconds = (Bun.nanoseconds() - startedNs) / 1e6;
  // Half of them over within the last day, which a snapshot keeps; the other half ahead, a few hours apart.
  const periods = Array.from({ length: 100 }, (_, index) => {
    const start = index < 50 ? now - day + index * (hour / 4) : now + (index - 49) * 5 * hour;
    return period({ id: index + 1, name: `period-${index}`, start, end: start + hour / 4 });
  });
  const host = hostOf(1);
  const snapshot = buildSnapshot({
    revision: 1,
    sites: [record({ site: site(1, host), periods, recurring })],
    everywhere: everywhere(),
    policy: policy(),
    heardAt: now,
  });
  const visits = Array.from({ length: 512 }, (_, index) => visit({ host, target: pathOf(index) }));
  const first = visits[0] ?? visit({ host });
  const verdictAt = (instant: number, index: number) =>
    decide(snapshot, visits[index % visits.length] ?? first, instant);
  const scattered = Array.from(
    { length: 512 },
    (_, index) => now + ((index * 7_919) % 400) * day + (index % 97) * 890_123,
  );
  // 12:40 UTC is 13:40 in Paris, between two of them; 12:10 is in one.
  const cases: Readonly<Record<string, (index: number) => Verdict>> = {
    open: (index) => verdictAt(now + (40 * hour) / 60, index),
    closed: (index) => verdictAt(now + hour / 6, index),
    random: (index) => verdictAt(scattered[index % scattered.length] ?? now, index),
  };
  if (verdictAt(now + (40 * hour) / 60, 0).kind !== "open") throw new Error("it is not open where it should be");
  if (verdictAt(now + hour / 6, 0).kind !== "closed") throw new Error("it is not closed where it should be");
  for (const call of Object.values(cases)) microsecondsEach(200_000, call);
  const measured = await inTurn(Object.keys(cases), rounds, (name) =>
    microsecondsEach(callsInRound, cases[name] ?? ((index) => verdictAt(now, index))),
  );
  printFigures({
    open: median(measured("open")),
    closed: median(measured("closed")),
    random: median(measured("random")),
    unrollMilliseconds,
    occurrences: recurring.reduce((sum, { starts }) => sum + starts.length, 0),
    calls: callsSeen(),
  });
}
