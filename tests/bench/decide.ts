import { type Benchmark, figure, note } from "./benchmark.ts";
import { figuresOf } from "./figures.ts";

const mostMicroseconds = 1;
const mostTimes = 1.5;

/** `decide` alone: the visit is read before. */
export const decide: Benchmark = {
  name: "decide",
  async run() {
    const figures = await figuresOf("decide-process.ts");
    const one = figures("one");
    const thousand = figures("thousand");
    const ratio = thousand / one;
    return [
      {
        what: "decide, closed site with 1 pattern",
        toReach: `${mostMicroseconds} us`,
        measured: `${figure(one)} us`,
        reached: one <= mostMicroseconds,
      },
      {
        what: "decide, closed site with 1,000 patterns",
        toReach: `${mostMicroseconds} us, ${mostTimes} x the first`,
        measured: `${figure(thousand)} us, ${figure(ratio)} x`,
        reached: thousand <= mostMicroseconds && ratio <= mostTimes,
      },
      note("decide, 1,000 patterns, each path new", `${figure(figures("unseen"))} us`),
      note("decide, 1,000 patterns, the first visit", `${figure(figures("firstMilliseconds"))} ms`),
    ];
  },
};
