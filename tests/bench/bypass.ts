import { type Benchmark, figure, note } from "./benchmark.ts";
import { figuresOf } from "./figures.ts";

const mostMicroseconds = 15;
const mostTimes = 1;

/** What bypasses cost a verdict on a closed site: a cookie that lets in, and what nobody has signed. Processor time. */
export const bypass: Benchmark = {
  name: "bypass",
  async run() {
    const figures = await figuresOf("bypass-process.ts");
    const [without, valid] = [figures("without"), figures("valid")];
    const forged = (what: string, name: string) => {
      const ratio = figures(name) / valid;
      return {
        what: `verdict, 100 forged cookies, ${what}`,
        toReach: `${mostTimes} x the valid one`,
        measured: `${figure(figures(name))} us CPU, ${figure(ratio)} x`,
        reached: ratio <= mostTimes,
      };
    };
    return [
      note("verdict, closed site with bypasses, no cookie", `${figure(without)} us CPU`),
      {
        what: "verdict, valid cookie of a bypass",
        toReach: `${mostMicroseconds} us more than without`,
        measured: `${figure(valid - without)} us CPU more, ${figure(valid)} us in all`,
        reached: valid - without <= mostMicroseconds,
      },
      forged("of one name", "forged"),
      forged("of both names, 8 KB", "forgedOfBoth"),
      forged("of bypasses that are not there", "unknown"),
    ];
  },
};
