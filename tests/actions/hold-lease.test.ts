import { describe, expect, test } from "bun:test";
import { beginHold, type HoldRequest } from "../../src/actions/hold.ts";
import { readPeriods } from "../../src/store/periods.ts";
import { context, now, testDatabase } from "../store/store-fixture.ts";

const everywhere: HoldRequest = { sites: null, name: "downtime", end: null, mode: "full", whenShorter: "keep" };
const minute = 60_000;

describe("a lease, where one of the name runs already", () => {
  type Lasting = Pick<HoldRequest, "end" | "leaseMs" | "expectedEnd">;
  const fixed = (minutes: number): Lasting => ({ end: now + minutes * minute });
  const leased = (minutes: number, end: number | null = null): Lasting => ({
    end: end === null ? null : now + end * minute,
    leaseMs: minutes * minute,
  });
  const openEnded: Lasting = { end: null };

  test.each([
    [
      "fixed, then leased without an end: to the end, and then while it is renewed",
      fixed(60),
      leased(5),
      [null, 5, 60],
    ],
    ["leased without an end, then fixed: to the end at least", leased(5), fixed(60), [null, 5, 60]],
    ["open-ended, then leased: as it was", openEnded, leased(5), [null, null, null]],
    ["leased, then open-ended: without a lease", leased(5), openEnded, [null, null, null]],
    ["leased with an end, then fixed and longer: without a lease", leased(5, 30), fixed(60), [60, null, null]],
    ["leased with an end, then fixed and shorter: both", leased(5, 60), fixed(30), [60, 5, 30]],
    ["fixed, then leased with an earlier end: as it was", fixed(60), leased(5, 30), [60, null, null]],
    ["a longer lease, then a shorter one: the newest length, and no earlier end", leased(20), leased(5), [null, 5, 20]],
  ] as const)("%s", async (_sentence, first, second, [end, leaseMinutes, leaseEnd]) => {
    await using one = await testDatabase();
    await beginHold(one.database, context(), { ...everywhere, ...first });
    await beginHold(one.database, context(), { ...everywhere, ...second });
    const at = (minutes: number | null) => (minutes === null ? null : now + minutes * minute);
    expect(await readPeriods(one.database.orm)).toMatchObject([
      { end: at(end), leaseMs: leaseMinutes === null ? null : leaseMinutes * minute, leaseEnd: at(leaseEnd) },
    ]);
  });

  test("shortening gives it the lease and the end that were asked for", async () => {
    await using one = await testDatabase();
    await beginHold(one.database, context(), { ...everywhere, ...fixed(60) });
    const shorten = { ...everywhere, ...leased(5), whenShorter: "shorten" } as const;
    const { result } = await beginHold(one.database, context(), shorten);
    expect(result).toMatchObject([
      { kind: "shortened", period: { end: null, leaseMs: 5 * minute, leaseEnd: now + 5 * minute } },
    ]);
  });

  test.each([
    ["later: it is that", openEnded, 30, 60, "extended"],
    ["earlier: it stays", openEnded, 60, 30, "already"],
    ["of one that had none: it is that", openEnded, null, 30, "extended"],
    ["with the words of a renewal: it stays", leased(5), 30, 60, "renewed"],
  ] as const)("an expected end that is %s", async (_sentence, lasting, first, second, kind) => {
    await using one = await testDatabase();
    const expected = (minutes: number | null) => (minutes === null ? null : now + minutes * minute);
    await beginHold(one.database, context(), { ...everywhere, ...lasting, expectedEnd: expected(first) });
    const again = { ...everywhere, ...lasting, expectedEnd: expected(second) };
    const { result } = await beginHold(one.database, context(), again);
    expect(result).toMatchObject([{ kind, period: { expectedEnd: expected(kind === "extended" ? second : first) } }]);
  });
});
