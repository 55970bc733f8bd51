/** Prints the time of a verdict on a closed site with 1 and with 1,000 patterns, and of their first visits. */
import { decide } from "../../src/gate/decide.ts";
import { now, visit } from "../gate/builders.ts";
import { closedByPatterns, hostOf, pathOf } from "./closed-sites.ts";
import { printFigures } from "./figures.ts";
import { plausiblePatterns } from "./pattern-lists.ts";
import { inTurn, median } from "./statistics.ts";
import { callsSeen, microsecondsEach, microsecondsOf } from "./timing.ts";

const counts = [1, 1000] as const;
const rounds = 150;
const callsInRound = 5_000;

if (import.meta.main) {
  const host = hostOf(1);
  const visits = Array.from({ length: 512 }, (_, index) => visit({ host, target: pathOf(index) }));
  const first = visits[0] ?? visit({ host });
  const snapshots = new Map(counts.map((count) => [String(count), closedByPatterns(plausiblePatterns(count))]));
  const verdicts = (count: string) => {
    const snapshot = snapshots.get(count) ?? closedByPatterns([]);
    return (index: number) => decide(snapshot, visits[index % visits.length] ?? first, now);
  };
  const [coldMicroseconds = Number.NaN] = microsecondsOf(1, verdicts("1000"));
  for (const count of snapshots.keys()) microsecondsEach(200_000, verdicts(count));
  const measured = await inTurn([...snapshots.keys()], rounds, (count) =>
    microsecondsEach(callsInRound, verdicts(count)),
  );
  const fresh = Array.from({ length: 20_000 }, (_, index) => visit({ host, target: pathOf(1_000 + index) }));
  const thousand = closedByPatterns(plausiblePatterns(1000));
  const unseen = microsecondsEach(fresh.length, (index) => decide(thousand, fresh[index] ?? first, now));
  printFigures({
    one: median(measured("1")),
    thousand: median(measured("1000")),
    firstMilliseconds: coldMicroseconds / 1000,
    unseen,
    calls: callsSeen(),
  });
}
