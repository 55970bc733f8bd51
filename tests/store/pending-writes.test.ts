import { describe, expect, test } from "bun:test";
import type { RedeemOutcome, Redemption } from "../../src/store/bypasses.ts";
import { createPendingWrites } from "../../src/store/pending-writes.ts";
import type { WriteRequest } from "../../src/store/thread-messages.ts";
import { beginClaimed } from "../../src/store/write-claim.ts";
import { refusalOf } from "./store-fixture.ts";

const slow =
  "unreachable: the database has not answered in time, so the bypass was not redeemed; try again in a moment";

function asking() {
  const asked: WriteRequest<Redemption>[] = [];
  const pending = createPendingWrites<Redemption, RedeemOutcome>(
    (request) => void asked.push(request),
    "the bypass was not redeemed",
  );
  return { asked, pending };
}

const redemption = { id: 3, siteId: 2 };

describe("a write that the serving thread waits for", () => {
  test("is asked of the database thread, and gives what that answers", async () => {
    const { asked, pending } = asking();
    const outcomes = [pending.write(redemption), pending.write({ id: 4, siteId: 2 })];
    expect(asked.map((request) => request.wanted.id)).toEqual([3, 4]);
    const [first, second] = asked.map(({ ticket }) => ticket);
    pending.settle({ ticket: second ?? 0, kind: "done", outcome: "used" });
    pending.settle({ ticket: first ?? 0, kind: "done", outcome: "redeemed" });
    expect(await Promise.all(outcomes)).toEqual(["redeemed", "used"]);
  });

  test("is refused with the fault of the database", async () => {
    const { asked, pending } = asking();
    const outcome = refusalOf(pending.write(redemption));
    pending.settle({ ticket: asked[0]?.ticket ?? 0, kind: "not-done", fault: "database /x: it is gone" });
    expect(await outcome).toBe("unreachable: database /x: it is gone");
  });

  test("that nobody begins is refused in time, and never done later", async () => {
    const { asked, pending } = asking();
    const startedMs = performance.now();
    expect(await refusalOf(pending.write(redemption))).toBe(slow);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    const [request] = asked;
    expect(request !== undefined && beginClaimed(request.claim)).toBe(false);
    // An answer that comes all the same is nobody's.
    pending.settle({ ticket: request?.ticket ?? 0, kind: "done", outcome: "redeemed" });
  });

  test("that has begun gets the rest of two seconds", async () => {
    const { asked, pending } = asking();
    const startedMs = performance.now();
    const outcome = refusalOf(pending.write(redemption));
    const [request] = asked;
    expect(request !== undefined && beginClaimed(request.claim)).toBe(true);
    expect(await outcome).toBe(slow);
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(1_700);
    expect(tookMs).toBeLessThan(2_000);
  });

  test("beyond a hundred is refused at once", async () => {
    const { asked, pending } = asking();
    const waiting = Array.from({ length: 100 }, () => pending.write(redemption));
    expect(await refusalOf(pending.write(redemption))).toBe(slow);
    expect(asked.length).toBe(100);
    for (const { ticket } of asked) pending.settle({ ticket, kind: "done", outcome: "gone" });
    await Promise.all(waiting);
    const again = pending.write(redemption);
    pending.settle({ ticket: asked.at(-1)?.ticket ?? 0, kind: "done", outcome: "gone" });
    expect(await again).toBe("gone");
  });
});
