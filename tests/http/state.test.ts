import { expect, test } from "bun:test";
import { createServingState } from "../../src/http/state.ts";

test("a fault stays while the snapshot is still confirmed, until nothing stands between any more", () => {
  const serving = createServingState();
  serving.fail("recurrence 3 yields nothing");
  serving.confirm(1_000, null);
  expect([serving.fault, serving.confirmedAt]).toEqual(["recurrence 3 yields nothing", 1_000]);
  serving.recover();
  expect([serving.fault, serving.databaseErrors]).toEqual([null, 1]);
});
