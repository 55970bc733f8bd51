/** Prints the time of a verdict with 1 site and with 10,000, each with ten exemptions and closed. */
import { decide } from "../../src/gate/decide.ts";
import { readVisit } from "../../src/gate/visit.ts";
import { now, rawVisit, trust } from "../gate/builders.ts";
import { closedSites, hostOf, pathOf, tenExemptions } from "./closed-sites.ts";
import { printFigures } from "./figures.ts";
import { seededIntegers } from "./random.ts";
import { inTurn, median, percentile } from "./statistics.ts";
import { microsecondsEach, microsecondsOf } from "./timing.ts";

const siteCount = 10_000;
const rounds = 60;
const callsInRound = 10_000;

if (import.meta.main) {
  const one = closedSites(1, tenExemptions);
  const many = closedSites(siteCount, tenExemptions);
  const integer = seededIntegers(7);
  const visitsTo = (site: () => number) =>
    Array.from({ length: siteCount }, (_, index) => rawVisit({ host: hostOf(site()), target: pathOf(index % 512) }));
  const same = visitsTo(() => 1);
  const others = visitsTo(() => 1 + integer(siteCount));
  const verdict = (snapshot: typeof one, raws: typeof same) => (index: number) =>
    decide(snapshot, readVisit(raws[index % siteCount] ?? rawVisit(), trust), now);
  const calls = {
    one: verdict(one, same),
    "many.same": verdict(many, same),
    "many.others": verdict(many, others),
  };
  microsecondsEach(100_000, calls.one);
  const heapBefore = process.memoryUsage().rss;
  const firsts = microsecondsOf(siteCount, (index) =>
    decide(many, readVisit(rawVisit({ host: hostOf(index + 1) }), trust), now),
  );
  const compiledMegabytes = (process.memoryUsage().rss - heapBefore) / 1e6;
  for (const call of Object.values(calls)) microsecondsEach(50_000, call);
  const names = ["one", "many.same", "many.others"] as const;
  const measured = await inTurn(names, rounds, (name) => microsecondsEach(callsInRound, calls[name]));
  printFigures({
    ...Object.fromEntries(names.map((name) => [name, median(measured(name))])),
    firstMedian: median(firsts),
    first99: percentile(firsts, 99),
    firstLongest: Math.max(...firsts),
    compiledMegabytes,
  });
}
