import { describe, expect, test } from "bun:test";
import { beginHold } from "../../src/actions/hold.ts";
import { createAcknowledgement } from "../../src/store/acknowledgement.ts";
import { readSidecars } from "../../src/store/sidecars.ts";
import { context, testDatabase } from "./store-fixture.ts";
import { eventually, testThread } from "./thread-fixture.ts";

const lagOf = (seconds: number) =>
  `the clock of this machine is ${seconds} s behind that of who made the last change, and until it gets there commands are not told that the change is served; correct the clocks (NTP)`;

describe("what a sidecar says that it serves", () => {
  test("is the revision in place, from the instant on at which it was changed", () => {
    const one = createAcknowledgement();
    one.place({ revision: 4, changedAt: null, fresh: true });
    expect(one.look(5_000, 1).served).toEqual({ revision: 4, rollCall: 1 });
    one.place({ revision: 5, changedAt: 6_000, fresh: false });
    expect(one.look(5_999, 2).served).toEqual({ revision: 4, rollCall: 1 });
    expect(one.look(6_000, 2).served).toEqual({ revision: 5, rollCall: 2 });
  });

  test("is no later revision either while an earlier one is still to come", () => {
    const one = createAcknowledgement();
    one.place({ revision: 2, changedAt: 9_000, fresh: true });
    one.place({ revision: 3, changedAt: 5_000, fresh: false });
    expect(one.look(8_999, 0).served.revision).toBe(0);
    expect(one.look(9_000, 0).served.revision).toBe(3);
  });

  test("is nothing when all was read anew and is still to come", () => {
    const one = createAcknowledgement();
    one.place({ revision: 7, changedAt: 1_000, fresh: true });
    expect(one.look(1_000, 0).served.revision).toBe(7);
    one.place({ revision: 3, changedAt: 2_000, fresh: true });
    expect(one.look(1_500, 0).served.revision).toBe(0);
  });

  test("is what it was while the mirror is behind, and no roll call is answered", () => {
    const one = createAcknowledgement();
    one.place({ revision: 4, changedAt: null, fresh: true });
    expect(one.look(5_000, 1).served).toEqual({ revision: 4, rollCall: 1 });
    one.place({ revision: 5, changedAt: null, fresh: false });
    expect(one.look(5_000, 2, "behind")).toEqual({ served: { revision: 4, rollCall: 1 }, lag: null });
    expect(one.look(5_000, 2, "in-step").served).toEqual({ revision: 5, rollCall: 2 });
  });

  test.each([
    ["a second is no fault", 1_000, null],
    ["more than a second is one", 1_001, lagOf(2)],
    ["an hour is one", 3_600_000, lagOf(3_600)],
  ])("a lag of %s", (_sentence, behindMs, message) => {
    const one = createAcknowledgement();
    one.place({ revision: 2, changedAt: 10_000_000, fresh: true });
    const { lag } = one.look(10_000_000 - behindMs, 0);
    expect(lag?.message ?? null).toBe(message);
    // The words stay while it grows smaller: a fault is told once.
    expect(one.look(10_000_000 - 1, 0).lag).toBe(lag);
    expect(one.look(10_000_000, 0).lag).toBe(null);
  });
});

test("a sidecar whose clock is behind says that it serves a change when the period has begun for it, and not before", async () => {
  await using one = await testDatabase();
  await using followed = testThread(one.database.path);
  void followed.thread.announce();
  await eventually(
    () => readSidecars(one.database.orm),
    ([row]) => row?.revision === 1,
  );
  const ahead = Date.now() + 2_500;
  const request = { sites: null, name: "a", end: null, mode: "full", whenShorter: "keep" } as const;
  await beginHold(one.database, context({ now: ahead }), request);
  await eventually(
    () => followed.snapshot.revision,
    (revision) => revision === 2,
  );
  const saidTooEarly: number[] = [];
  await eventually(
    async () => {
      const [row] = await readSidecars(one.database.orm);
      if (row?.revision === 2 && row.seenAt < ahead) saidTooEarly.push(row.seenAt);
      return row?.revision;
    },
    (revision) => revision === 2,
  );
  expect(saidTooEarly).toEqual([]);
  expect(followed.faults).toEqual([{ message: lagOf(3), passing: false }]);
  await eventually(
    () => followed.recoveries,
    (count) => count === 1,
  );
  // It stays ready all the while: the snapshot is confirmed again and again.
  expect(followed.confirmed.filter((at) => at < ahead).length).toBeGreaterThan(2);
});
