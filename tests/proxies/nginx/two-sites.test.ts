import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sendRaw } from "../../support/raw-http.ts";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";
import { outcomeOf, type VisitParts } from "./visit.ts";

const LOCATION = `location / { proxy_pass http://app; ${APPLICATION} }`;

/** Two sites that are known by their hosts, and one that is known by its number whatever its host. */
const SERVERS = [
  server("one.test www.one.test", `include snippets/lull.conf; ${LOCATION}`),
  server("two.test *.two.test", `include snippets/lull.conf; ${LOCATION}`),
  server("numbered.test one-by-number.test", `include snippets/lull-site-2.conf; ${LOCATION}`),
].join("");

const ONE = ["one.test", "www.one.test", "ONE.test.:8080"];
const TWO = ["two.test", "deep.er.two.test", "TWO.TEST."];
const NUMBERED = ["numbered.test", "one-by-number.test"];

describe.skipIf(await lacksGate())("two sites on one nginx", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({ servers: SERVERS });
    const { command } = gate.lull;
    await command("site", "add", "two.test");
    await command("site", "alias", "add", "2", "*.two.test");
    // Site 1 by its host; nginx names site 2 by its number all the same.
    await command("site", "alias", "add", "1", "one-by-number.test");
  }, 20_000);
  afterAll(() => gate.stop());

  async function outcomes(hosts: readonly string[], parts: VisitParts = {}): Promise<readonly string[]> {
    return Promise.all(hosts.map(async (host) => (await gate.visit({ ...parts, host })).outcome));
  }
  async function ups(hosts: readonly string[]): Promise<readonly number[]> {
    return Promise.all(hosts.map(async (host) => (await gate.visit({ target: "/.lull/up", host })).response.status));
  }

  test("both are open at first", async () => {
    expect(await outcomes([...ONE, ...TWO, ...NUMBERED])).toEqual(Array(8).fill("pass"));
    expect(await ups(["one.test", "two.test", "numbered.test"])).toEqual([204, 204, 204]);
  });

  describe("the second is closed", () => {
    beforeAll(() => gate.lull.command("setmaintenance", "on", "2"));

    test("and held under all its names, and the first passes", async () => {
      expect(await outcomes(ONE)).toEqual(["pass", "pass", "pass"]);
      expect(await outcomes(TWO)).toEqual(["held", "held", "held"]);
    });

    test("and held where nginx names it by its number, over a host that is the first's", async () => {
      expect(await outcomes(NUMBERED)).toEqual(["held", "held"]);
    });

    test("and /.lull/up is each site's own", async () => {
      expect(await ups(["one.test", "two.test", "numbered.test", "one-by-number.test"])).toEqual([204, 503, 503, 503]);
    });

    test.each([
      ["GET http://two.test/ with Host: one.test", "two.test", "one.test", "held"],
      ["GET http://one.test/ with Host: two.test", "one.test", "two.test", "pass"],
    ])("the host of an absolute target counts: %s", async (_, authority, host, outcome) => {
      expect((await gate.visit({ target: `http://${authority}/`, host })).outcome).toBe(outcome);
    });

    test.each([
      ["no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200],
      ["two hosts", "GET / HTTP/1.1\r\nHost: one.test\r\nHost: two.test\r\n\r\n", 400],
      ["no host in HTTP/1.1", "GET / HTTP/1.1\r\n\r\n", 400],
      ["a host with a slash", "GET / HTTP/1.1\r\nHost: one.test/two.test\r\n\r\n", 400],
    ])("nginx alone says which site it is: %s", async (_, request, status) => {
      expect((await sendRaw(gate.address, request)).status).toBe(status);
    });
  });

  test("the first is closed, the second is open again", async () => {
    await gate.lull.command("setmaintenance", "off", "two.test");
    await gate.lull.command("setmaintenance", "on", "1");
    expect(await outcomes(ONE)).toEqual(["held", "held", "held"]);
    expect(await outcomes([...TWO, ...NUMBERED])).toEqual(Array(5).fill("pass"));
    // Without a host nginx takes the first server, and its name.
    expect(outcomeOf(await sendRaw(gate.address, "GET / HTTP/1.0\r\n\r\n"), 0)).toBe("held");
  });

  test("a number that no site has is the default site, and never the host's", async () => {
    await gate.lull.command("site", "remove", "2");
    await gate.lull.command("site", "add", "numbered.test");
    // The sidecar has seen both by now: the first is still closed.
    await gate.lull.command("setmaintenance", "on", "1");
    expect(await outcomes(NUMBERED)).toEqual(["held", "held"]);
    await gate.lull.command("setmaintenance", "on", "numbered.test");
    await gate.lull.command("setmaintenance", "off", "1");
    expect(await outcomes(NUMBERED)).toEqual(["pass", "pass"]);
  });
});
