import { describe, expect, test } from "bun:test";
import { isStaff, nobodys, own, scene, visitor } from "./probe-scene.ts";
import { honest, status } from "./raw-application.ts";

describe("what the application answers to nobody", () => {
  test("is asked once for many visitors, and again before it is 15 seconds old", async () => {
    await using one = scene(honest);
    const asked = () => nobodys(one.requests).length;
    await Promise.all([one.probe.ask(visitor()), one.probe.ask(visitor()), one.probe.ask(visitor())]);
    expect([asked(), own(one.requests).length]).toEqual([1, 3]);
    one.clock.elapsedMs = 13_000;
    expect(await one.probe.ask(visitor())).toEqual(isStaff);
    expect(asked()).toBe(1);
    one.clock.elapsedMs = 13_001;
    expect(await one.probe.ask(visitor())).toEqual(isStaff);
    expect(asked()).toBe(2);
    // By a clock that was set back nobody knows how old it is.
    one.clock.elapsedMs = 0;
    expect(await one.probe.ask(visitor())).toEqual(isStaff);
    expect(asked()).toBe(3);
  });

  test("is each host's own", async () => {
    await using one = scene((socket, request) => {
      const isOpen = request.includes("Host: open.test");
      if (isOpen) socket.end(status("200 OK"));
      else honest(socket, request);
    });
    expect(await one.probe.ask(visitor({ host: "one.test" }))).toEqual(isStaff);
    expect((await one.probe.ask(visitor({ host: "open.test" }))).kind).toBe("nobody");
    expect(await one.probe.ask(visitor({ host: "one.test" }))).toEqual(isStaff);
  });

  test("is not kept when it was none", async () => {
    let isAway = true;
    await using one = scene((socket, request) => {
      if (isAway && !request.includes("who=staff")) socket.end();
      else honest(socket, request);
    });
    expect((await one.probe.ask(visitor())).kind).toBe("nobody");
    isAway = false;
    expect(await one.probe.ask(visitor())).toEqual(isStaff);
  });

  test("lets nobody in when it becomes 200 meanwhile", async () => {
    let isOpen = false;
    await using one = scene((socket, request) => {
      if (isOpen) socket.end(status("200 OK"));
      else honest(socket, request);
    });
    expect((await one.probe.ask(visitor({ cookie: "who=eve" }))).kind).toBe("nobody");
    isOpen = true;
    one.clock.elapsedMs = 15_001;
    expect((await one.probe.ask(visitor({ cookie: "who=eve" }))).kind).toBe("nobody");
  });
});

describe("who asks often", () => {
  const kinds = async (one: ReturnType<typeof scene>, addresses: readonly (string | null)[]) => {
    const outcomes: string[] = [];
    for (const address of addresses) outcomes.push((await one.probe.ask(visitor({ address }))).kind);
    return outcomes;
  };

  test.each<[string, readonly [string | null, string | null], string]>([
    ["the same address", ["192.0.2.1", "192.0.2.1"], "too-soon"],
    ["another address", ["192.0.2.1", "192.0.2.2"], "standing"],
    ["the same IPv6 network", ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"], "too-soon"],
    ["the same IPv6 network, written shorter", ["2001:db8::1", "2001:db8:0:0:1::"], "too-soon"],
    ["another IPv6 network", ["2001:db8:1:2::1", "2001:db8:1:3::1"], "standing"],
    ["two whose address is unknown", [null, null], "too-soon"],
    ["one of them", ["192.0.2.1", null], "standing"],
  ])("has a turn a second: %s", async (_, addresses, second) => {
    await using one = scene(honest);
    expect(await kinds(one, addresses)).toEqual(["standing", second]);
    one.clock.elapsedMs = 999;
    expect(await kinds(one, addresses.slice(0, 1))).toEqual(["too-soon"]);
    one.clock.elapsedMs = 1_000;
    expect(await kinds(one, addresses.slice(0, 1))).toEqual(["standing"]);
  });

  test("does not wait for a clock that was set back", async () => {
    await using one = scene(honest);
    one.clock.elapsedMs = 3_600_000;
    expect(await kinds(one, ["192.0.2.1"])).toEqual(["standing"]);
    one.clock.elapsedMs = 0;
    expect(await kinds(one, ["192.0.2.1", "192.0.2.1"])).toEqual(["standing", "too-soon"]);
  });

  test("waits when the application has eight requests already, and it never gets more", async () => {
    const waiting: (() => void)[] = [];
    await using one = scene((socket, request) => void waiting.push(() => honest(socket, request)));
    const asks = Array.from({ length: 40 }, () => one.probe.ask(visitor()));
    while (waiting.length < 8) await Bun.sleep(1);
    for (const answer of waiting.splice(0)) answer();
    // Each holds its place for its last question.
    while (waiting.length < 7) await Bun.sleep(1);
    const last = [one.probe.ask(visitor()), one.probe.ask(visitor())];
    while (waiting.length < 8) await Bun.sleep(1);
    expect(await last[1]).toEqual({ kind: "busy" });
    await answerInTurn(waiting, 9);
    expect(await last[0]).toEqual(isStaff);
    const kinds = (await Promise.all(asks)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "standing").length).toBe(7);
    expect(kinds.filter((kind) => kind === "busy").length).toBe(33);
    expect([one.requests.length, one.most()]).toEqual([17, 8]);
    const again = one.probe.ask(visitor());
    await answerInTurn(waiting, 2);
    expect(await again).toEqual(isStaff);
  });

  test("has not used a turn up when it was busy", async () => {
    const waiting: (() => void)[] = [];
    await using one = scene((socket, request) => void waiting.push(() => honest(socket, request)));
    const asks = Array.from({ length: 7 }, () => one.probe.ask(visitor()));
    expect((await one.probe.ask(visitor({ address: "192.0.2.1" }))).kind).toBe("busy");
    while (waiting.length < 8) await Bun.sleep(1);
    await answerInTurn(waiting, 15);
    await Promise.all(asks);
    const again = one.probe.ask(visitor({ address: "192.0.2.1" }));
    await answerInTurn(waiting, 2);
    expect(await again).toEqual(isStaff);
  });
});

/** So many, each when it comes. */
async function answerInTurn(waiting: (() => void)[], count: number): Promise<void> {
  for (let answered = 0; answered < count; answered++) {
    while (waiting.length === 0) await Bun.sleep(1);
    waiting.shift()?.();
  }
}
