import { describe, expect, test } from "bun:test";
import { LullError } from "../../src/gate/error.ts";
import { type HeldKeys, type KeyLoop, startKeyLoop } from "../../src/staff/key-loop.ts";
import type { KeyPace, KeySource } from "../../src/staff/key-source.ts";
import { readSecret } from "../../src/staff/verifying-keys.ts";
import { start } from "./token-builders.ts";

const day = 24 * 60 * 60 * 1000;
const slow: KeyPace = { refreshMs: 600_000, retryFirstMs: 600_000, retryMostMs: 600_000, leastMs: 600_000 };
const quick: KeyPace = { ...slow, refreshMs: 1 };

/** A source in the test's hands: each look waits until the test gives it something. */
function scene(pace: KeyPace, former: HeldKeys | null = null) {
  const clock = { elapsedMs: 0 };
  const told: string[] = [];
  const looks: { readonly give: (text: string) => void; readonly fail: (message: string) => void }[] = [];
  const waiting: (() => void)[] = [];
  const source: KeySource = {
    name: "jwt_secret_file",
    identity: "one",
    pace: slow,
    async load() {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      looks.push({
        give: (text) => resolve(new TextEncoder().encode(text.repeat(32))),
        fail: (message) => reject(new LullError("unreachable", message)),
      });
      waiting.splice(0).forEach((resume) => void resume());
      return await promise;
    },
    read: (bytes) => ({ ...readSecret(bytes, ["HS256"]), fault: bytes[0] === 48 ? "holds nothing of use" : null }),
  };
  const loop = startKeyLoop(source, {
    now: () => start + clock.elapsedMs,
    onFault: (fault) => void told.push(fault),
    onRecovered: () => void told.push("recovered"),
    former,
    pace,
  });
  async function look(index: number) {
    while (looks[index] === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await promise;
    }
    return looks[index];
  }
  return { loop, clock, told, looks, look, [Symbol.dispose]: () => loop.stop() };
}

/** The first letter of the secret that counts. */
function letterOf(loop: KeyLoop, at = start): string | null {
  const keys = loop.keysAt(at);
  return keys?.kind === "secret" ? String.fromCharCode(keys.secret[0] ?? 0) : null;
}

describe("keys", () => {
  test("are none until they are there", async () => {
    using at = scene(slow);
    expect(letterOf(at.loop)).toBeNull();
    (await at.look(0)).give("a");
    await at.loop.tried;
    expect([letterOf(at.loop), at.told]).toEqual(["a", []]);
  });

  test("are replaced by newer ones, and stay ready when they are the same", async () => {
    using at = scene(quick);
    (await at.look(0)).give("a");
    await at.look(1);
    const first = at.loop.keysAt(start);
    (await at.look(1)).give("a");
    await at.look(2);
    expect(at.loop.keysAt(start)).toBe(first);
    (await at.look(2)).give("b");
    await at.look(3);
    expect(letterOf(at.loop)).toBe("b");
  });

  test("go on while their source fails, for a day, and that is told once", async () => {
    using at = scene({ ...quick, retryFirstMs: 1, retryMostMs: 1 });
    (await at.look(0)).give("a");
    for (const index of [1, 2]) (await at.look(index)).fail("answers 500");
    await at.look(3);
    expect([letterOf(at.loop, start + day), letterOf(at.loop, start + day + 1)]).toEqual(["a", null]);
    const until = "its last keys count until 2026-11-21T09:00:00.000Z";
    expect(at.told).toEqual([`jwt_secret_file answers 500; ${until}`]);
    at.clock.elapsedMs = day + 1;
    (await at.look(3)).fail("answers 500");
    (await at.look(4)).fail("has not answered within 5 s");
    (await at.look(5)).give("b");
    await at.look(6);
    expect(at.told.slice(1)).toEqual([
      "jwt_secret_file answers 500; its keys were last seen too long ago to count",
      "jwt_secret_file has not answered within 5 s; its keys were last seen too long ago to count",
      "recovered",
    ]);
    expect(letterOf(at.loop, start + day + 1)).toBe("b");
  });

  test("that are the same after a failure end it", async () => {
    using at = scene({ ...quick, retryFirstMs: 1, retryMostMs: 1 });
    (await at.look(0)).give("a");
    (await at.look(1)).fail("answers 500");
    (await at.look(2)).give("a");
    await at.look(3);
    expect([letterOf(at.loop), at.told.length, at.told[1]]).toEqual(["a", 2, "recovered"]);
  });

  test("that were never there are told", async () => {
    using at = scene(slow);
    (await at.look(0)).fail("answers 500");
    await at.loop.tried;
    expect(at.told).toEqual(["jwt_secret_file answers 500; nobody is staff by a token meanwhile"]);
  });

  test("of which none is of use replace others, and that is told until it is over", async () => {
    using at = scene(quick);
    (await at.look(0)).give("a");
    (await at.look(1)).give("0");
    (await at.look(2)).give("0");
    await at.look(3);
    expect([letterOf(at.loop), at.told.length]).toEqual(["0", 1]);
    const nobody = "it holds no usable key, so nobody is staff by a token";
    expect(at.told[0]).toBe(`jwt_secret_file holds nothing of use; ${nobody}`);
    (await at.look(3)).give("a");
    await at.look(4);
    expect([letterOf(at.loop), at.told[1]]).toEqual(["a", "recovered"]);
  });

  test("of which none was ever of use are told so, also while their source fails", async () => {
    using at = scene({ ...quick, retryFirstMs: 1, retryMostMs: 1 });
    (await at.look(0)).give("0");
    (await at.look(1)).fail("answers 500");
    await at.look(2);
    const nobody = "it holds no usable key, so nobody is staff by a token";
    expect(at.told).toEqual([
      `jwt_secret_file holds nothing of use; ${nobody}`,
      `jwt_secret_file answers 500; ${nobody}`,
    ]);
  });

  test("of a predecessor go on when they come from the same source, and from no other", async () => {
    using before = scene(slow);
    (await before.look(0)).give("a");
    await before.loop.tried;
    using after = scene(slow, before.loop.held);
    using elsewhere = scene(slow, { ...before.loop.held, identity: "two" });
    expect([letterOf(after.loop), letterOf(elsewhere.loop)]).toEqual(["a", null]);
    (await after.look(0)).fail("answers 500");
    await after.loop.tried;
    expect(letterOf(after.loop)).toBe("a");
  });
});

describe("the source is looked at", () => {
  test("after a failure later and later, up to the most", async () => {
    using at = scene({ ...slow, retryFirstMs: 20, retryMostMs: 60 });
    const gaps: number[] = [];
    for (const index of [0, 1, 2, 3, 4]) {
      const { fail } = await at.look(index);
      const failedAtMs = performance.now();
      fail("answers 500");
      await at.look(index + 1);
      gaps.push(performance.now() - failedAtMs);
    }
    for (const [index, leastMs] of [19, 39, 59, 59, 59].entries()) expect(gaps[index]).toBeGreaterThan(leastMs - 1);
  });

  test("never later than the most", async () => {
    using at = scene({ ...slow, retryFirstMs: 1, retryMostMs: 2 });
    const startedAtMs = performance.now();
    for (let index = 0; index < 13; index++) (await at.look(index)).fail("answers 500");
    // Doubling without an end, it would have been two seconds for the last one alone.
    expect(performance.now() - startedAtMs).toBeLessThan(1_500);
  });

  test("as seldom as ever once a failure is over", async () => {
    using at = scene({ ...slow, retryFirstMs: 1, retryMostMs: 1 });
    (await at.look(0)).fail("answers 500");
    (await at.look(1)).give("a");
    await Bun.sleep(20);
    expect([letterOf(at.loop), at.looks.length]).toEqual(["a", 2]);
  });

  test("sooner when a key is unknown, however many ask, and not sooner than it may", async () => {
    using at = scene({ ...slow, leastMs: 40 });
    const { give } = await at.look(0);
    const lookedAtMs = performance.now();
    // While somebody looks already, there is nothing to ask for.
    at.loop.askSooner();
    give("a");
    await at.loop.tried;
    for (let times = 0; times < 1_000; times++) at.loop.askSooner();
    expect(at.looks.length).toBe(1);
    (await at.look(1)).give("b");
    expect(performance.now() - lookedAtMs).toBeGreaterThan(38);
    expect(at.looks.length).toBe(2);
  });

  test("not any more once it is stopped, whoever asks", async () => {
    using at = scene({ ...slow, leastMs: 0 });
    (await at.look(0)).give("a");
    await at.loop.tried;
    at.loop.stop();
    at.loop.askSooner();
    await Bun.sleep(10);
    expect([at.looks.length, letterOf(at.loop)]).toEqual([1, "a"]);
  });

  test("not any more once it is stopped, and what comes late changes nothing", async () => {
    using at = scene(quick);
    const { give } = await at.look(0);
    at.loop.stop();
    at.loop.askSooner();
    give("a");
    await at.loop.tried;
    await Bun.sleep(10);
    expect([at.looks.length, letterOf(at.loop), at.told]).toEqual([1, null, []]);
  });
});
