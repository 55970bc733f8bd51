/** Commands that wait for each other's lock: each goes by what the other has left, and not by when it was typed. */
import { expect, test } from "bun:test";
import { isRunning } from "../../src/gate/period.ts";
import { readPeriods } from "../../src/store/periods.ts";
import { testDatabase } from "../store/store-fixture.ts";
import { startHolding } from "./holding-process.ts";

test.each([
  ["on that waited for off closes anew", "on", "off", ["ended"], ["started"], 1],
  ["on that waited for on makes no second period", null, "on", ["started"], ["already"], 1],
  ["off that waited for on ends what that began", null, "on", ["started"], ["ended"], 0],
] as const)("%s", async (_sentence, earlier, first, firstDid, secondDid, running) => {
  await using one = await testDatabase();
  const { path } = one.database;
  if (earlier !== null) await startHolding(path, earlier, "at once").done();
  await using holder = startHolding(path, first, "when told");
  await holder.printed("locked");
  await using waiter = startHolding(path, secondDid[0] === "ended" ? "off" : "on", "at once");
  await waiter.printed("asked");
  await holder.tell();
  expect([await holder.done(), await waiter.done()]).toEqual([[...firstDid], [...secondDid]]);
  const now = Date.now();
  const periods = await readPeriods(one.database.orm);
  expect(periods.filter((period) => isRunning(period, now)).length).toBe(running);
});
