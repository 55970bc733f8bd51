import { describe, expect, test } from "bun:test";
import { eventually } from "../store/thread-fixture.ts";
import { closing, flagsIn, mirrorScene } from "./mirror-scene.ts";

describe("two writers", () => {
  const older = { instance: "older", pid: 4_000_001, machine: "here", startedAt: 1 };
  const younger = { instance: "younger", pid: 4_000_002, machine: "here", startedAt: 2 };

  test("do not fight: the one that knows more writes, whoever looks last", async () => {
    await using one = mirrorScene({ scribe: older, isAlive: () => true });
    await using two = mirrorScene({ scribe: younger, root: one.root, isAlive: () => true });
    await one.settle(closing([], 5));
    await two.settle(closing([], 5));
    // The older one, which reads later, must not open what the other has closed.
    await two.settle(closing([{ siteId: 2 }], 6));
    one.mirror.refresh();
    await eventually(
      () => one.mirror.step,
      (step) => step === "yielding",
    );
    expect(flagsIn(one.root)).toEqual(["closed/2"]);
    // And one that is younger and behind neither.
    await one.settle(closing([{ siteId: 2 }, { siteId: 3 }], 7));
    expect(one.mirror.step).toBe("in-step");
    two.mirror.refresh();
    await eventually(
      () => two.mirror.step,
      (step) => step === "yielding",
    );
    expect(flagsIn(one.root)).toEqual(["closed/2", "closed/3"]);
    expect([one.count.repaired, two.count.repaired]).toEqual([0, 0]);
  });

  test("the one that gave way takes over when the other has ended, and corrects what it left", async () => {
    const living = new Set([older.pid, younger.pid]);
    await using one = mirrorScene({ scribe: older, isAlive: (processId) => living.has(processId) });
    await using two = mirrorScene({ scribe: younger, root: one.root, isAlive: (processId) => living.has(processId) });
    await two.settle(closing([{ siteId: 3 }], 6));
    await one.settle(closing([{ siteId: 2 }], 6));
    expect([one.mirror.step, flagsIn(one.root)]).toEqual(["yielding", ["closed/3"]]);
    await two.mirror.stop();
    living.delete(younger.pid);
    await eventually(
      () => flagsIn(one.root).join(" "),
      (flags) => flags === "closed/2",
    );
    await eventually(
      () => one.mirror.step,
      (step) => step === "in-step",
    );
  });
});
