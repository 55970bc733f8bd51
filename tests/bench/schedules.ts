import { type Benchmark, figure, note } from "./benchmark.ts";
import { figuresOf } from "./figures.ts";

const mostMicroseconds = 2;

/** `decide` on a site with 100 periods and 20 recurrences, each of them once a day. */
export const schedules: Benchmark = {
  name: "schedules",
  async run() {
    const figures = await figuresOf("schedules-process.ts");
    const row = (what: string, name: string) => ({
      what: `decide, 100 periods and 20 recurrences, ${what}`,
      toReach: `${mostMicroseconds} us`,
      measured: `${figure(figures(name))} us`,
      reached: figures(name) <= mostMicroseconds,
    });
    return [
      row("open", "open"),
      row("closed by one of them", "closed"),
      row("at random instants of 400 days", "random"),
      note("unrolling those 20 recurrences over 402 days", `${figure(figures("unrollMilliseconds"))} ms`),
      note("occurrences that they have", figure(figures("occurrences"))),
    ];
  },
};
