import { type Benchmark, figure, note } from "./benchmark.ts";
import { figuresOf } from "./figures.ts";

const mostTimes = 1.5;

/** What 10,000 sites with ten exemptions each cost a verdict (reading the visit included), against 1 such site. */
export const manySites: Benchmark = {
  name: "many-sites",
  async run() {
    const figures = await figuresOf("many-sites-process.ts");
    const row = (what: string, name: string) => {
      const ratio = figures(name) / figures("one");
      return {
        what,
        toReach: `${mostTimes} x 1 site`,
        measured: `${figure(figures(name))} us, ${figure(ratio)} x`,
        reached: ratio <= mostTimes,
      };
    };
    return [
      note("verdict, 1 closed site, 10 exemptions", `${figure(figures("one"))} us`),
      row("verdict, 10,000 closed sites, the same one asked for", "many.same"),
      row("verdict, 10,000 closed sites, any of them asked for", "many.others"),
      note(
        "verdict, the first for a site",
        `median ${figure(figures("firstMedian"))} us, p99 ${figure(figures("first99"))} us, longest ${figure(figures("firstLongest") / 1000)} ms`,
      ),
      note("memory, 10,000 sites whose exemptions are all in use", `${figure(figures("compiledMegabytes"))} MB more`),
    ];
  },
};
