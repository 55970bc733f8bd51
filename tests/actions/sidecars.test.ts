import { describe, expect, test } from "bun:test";
import { awaitSidecars } from "../../src/actions/await-sidecars.ts";
import { forgetSidecar } from "../../src/actions/forget-sidecar.ts";
import { readMeta } from "../../src/store/meta.ts";
import { readSidecars, type Sidecar, upsertSidecar } from "../../src/store/sidecars.ts";
import { now, refusalOf, revisionOf, testDatabase } from "../store/store-fixture.ts";
import { eventually } from "../store/thread-fixture.ts";

const desk: Sidecar = {
  instance: "one",
  hostname: "desk",
  processId: 1,
  listen: "127.0.0.1:8503",
  version: "1.2.3",
  startedAt: now,
  seenAt: now,
  revision: 5,
  rollCall: 0,
};
const shelf: Sidecar = { ...desk, instance: "two", hostname: "shelf", revision: 4 };

describe("waiting for the sidecars", () => {
  test("says at once that there are none", async () => {
    await using one = await testDatabase();
    expect(await awaitSidecars(one.database, { revision: 5, changed: true }, 60_000)).toEqual({ kind: "no-sidecar" });
  });

  test("ends when all of them serve the revision or a later one", async () => {
    await using one = await testDatabase();
    for (const row of [desk, shelf]) await upsertSidecar(one.database.orm, row);
    expect(await awaitSidecars(one.database, { revision: 4, changed: true }, 0)).toEqual({
      kind: "served",
      sidecars: [desk, shelf],
    });
    expect(await awaitSidecars(one.database, { revision: 5, changed: true }, 0)).toEqual({
      kind: "late",
      late: [shelf],
      sidecars: [desk, shelf],
    });
    const waiting = awaitSidecars(one.database, { revision: 5, changed: true }, 60_000);
    const other = await one.another();
    await upsertSidecar(other.orm, { ...shelf, revision: 6 });
    expect((await waiting).kind).toBe("served");
    await other.close();
  });

  test("ends after its time, and names those that are late", async () => {
    await using one = await testDatabase();
    for (const row of [desk, shelf]) await upsertSidecar(one.database.orm, row);
    const startMs = performance.now();
    expect(await awaitSidecars(one.database, { revision: 5, changed: true }, 100)).toEqual({
      kind: "late",
      late: [shelf],
      sidecars: [desk, shelf],
    });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(100);
  });
});

describe("a change that was made before", () => {
  test("is proven by answers to a new roll call alone: who served it once may be dead", async () => {
    await using one = await testDatabase();
    for (const row of [desk, { ...shelf, revision: 5 }]) await upsertSidecar(one.database.orm, row);
    const waiting = awaitSidecars(one.database, { revision: 5, changed: false }, 60_000);
    const other = await one.another();
    await eventually(
      () => readMeta(other.orm),
      ({ rollCall }) => rollCall === 1,
    );
    for (const row of [desk, shelf]) await upsertSidecar(other.orm, { ...row, revision: 5, rollCall: 1 });
    expect((await waiting).kind).toBe("served");
    expect((await awaitSidecars(one.database, { revision: 5, changed: false }, 50)).kind).toBe("late");
    expect(await revisionOf(one.database)).toBe(1);
    await other.close();
  });
});

describe("forgetting a sidecar", () => {
  test("takes it off the list, without a revision", async () => {
    await using one = await testDatabase();
    for (const row of [desk, shelf]) await upsertSidecar(one.database.orm, row);
    expect(await forgetSidecar(one.database, "one")).toEqual(desk);
    expect(await readSidecars(one.database.orm)).toEqual([shelf]);
    expect(await revisionOf(one.database)).toBe(1);
    expect(await refusalOf(forgetSidecar(one.database, "one"))).toBe(
      'refused: no sidecar one; "lull sidecar list" shows those that there are',
    );
  });
});
