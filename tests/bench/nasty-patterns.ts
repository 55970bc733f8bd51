import { type Benchmark, figure, note } from "./benchmark.ts";
import { figuresOf } from "./figures.ts";

const lists = [
  ["plausible", "1,000 plausible patterns"],
  ["random", "1,000 random patterns"],
  ["nasty", "one nasty pattern, the worst of ten"],
] as const;

/** That no pattern which lull takes, and no path which a visitor sends, holds the serving thread up for long. */
export const nastyPatterns: Benchmark = {
  name: "nasty-patterns",
  async run() {
    const figures = await figuresOf("nasty-patterns-process.ts");
    const milliseconds = (name: string) => `${figure(figures(name))} ms`;
    return lists.map(([name, words]) =>
      note(
        `longest verdict, ${words}`,
        `${milliseconds(`${name}.short`)} (path of 120 bytes), ${milliseconds(`${name}.long`)} (8,000); first visit ${milliseconds(`${name}.first`)}`,
      ),
    );
  },
};
