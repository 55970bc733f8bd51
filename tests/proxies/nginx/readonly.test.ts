import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Gate, lacksGate, startGate } from "./gate.ts";

describe.skipIf(await lacksGate())("a read-only site", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate();
    const { command } = gate.lull;
    await command("site", "add", "two.test");
    await command("readonly", "add", "--site", "1", "--safe", "POST /search", "--unsafe", "GET /logout");
    // Waits until the sidecar serves all of it.
    await command("period", "add", "--mode", "readonly");
  }, 20_000);
  afterAll(() => gate.stop());

  async function outcome(line: string, host = "one.test"): Promise<string> {
    const [method = "", target = ""] = line.split(" ");
    return (await gate.visit({ method, target, host, body: method === "POST" ? "q=1" : "" })).outcome;
  }

  test.each([
    ["reading passes", "GET /", "pass"],
    ["and asking whether there is something to read", "HEAD /", "pass"],
    ["and asking what may be done", "OPTIONS /", "pass"],
    ["writing is held", "POST /", "held"],
    ["in every way", "DELETE /search", "held"],
    ["the safe POST passes", "POST /search", "pass"],
    ["with a query", "POST /search?q=x", "pass"],
    ["and below its path", "POST /search/advanced", "pass"],
    ["in whole segments", "POST /searching", "held"],
    ["not by a way round", "POST /search/../pay", "held"],
    ["nor with slashes doubled", "POST //search", "held"],
    ["nor with a parameter", "POST /search;/../pay", "held"],
    ["the unsafe GET is held", "GET /logout", "held"],
    ["with a final slash", "GET /logout/", "held"],
    ["with an escaped letter", "GET /log%6Fut", "held"],
    ["by HEAD, which applications take for GET", "HEAD /logout", "held"],
    ["with slashes doubled", "GET //logout", "held"],
    ["by a way round", "GET /a/../logout", "held"],
    ["and nothing that only begins so", "GET /logouts", "pass"],
  ])("%s: %s", async (_, line, expected) => {
    expect(await outcome(line)).toBe(expected);
  });

  test("is what the other site is, without its rules", async () => {
    expect(await outcome("GET /logout", "two.test")).toBe("pass");
    expect(await outcome("POST /search", "two.test")).toBe("held");
  });

  test("is open for the load balancer", async () => {
    expect((await gate.visit({ target: "/.lull/up" })).response.status).toBe(204);
  });

  test("is closed as any other by a full period, whatever is safe", async () => {
    await gate.lull.command("setmaintenance", "on", "1");
    expect([await outcome("GET /"), await outcome("POST /search")]).toEqual(["held", "held"]);
    await gate.lull.command("setmaintenance", "off", "1");
    expect([await outcome("GET /"), await outcome("POST /search")]).toEqual(["pass", "pass"]);
  });
});
