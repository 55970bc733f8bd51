import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type BypassGate, lacksBypassGate, readSecrets, startBypassGate } from "./bypass-gate.ts";
import {
  COOKIES,
  cookie,
  header,
  type Loot,
  PLACES,
  realBeginning,
  realKey,
  signedWith,
  TOKENS,
} from "./bypass-vectors.ts";
import type { VisitParts } from "./visit.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe.skipIf(await lacksBypassGate())("nobody enters a closed site", () => {
  let scene: BypassGate;
  let loot: Loot;
  beforeAll(async () => {
    scene = await startBypassGate();
    loot = await gather(scene);
  }, 60_000);
  afterAll(() => scene.stop());
  const outcome = async (parts: VisitParts) => (await scene.gate.visit(parts)).outcome;

  test("but who may: all that is tampered with below holds as it is", async () => {
    const { value, token, otherValue, otherToken, plainValue } = loot;
    const valid: readonly VisitParts[] = [
      cookie(value),
      cookie(plainValue),
      cookie(plainValue, "lull-bypass"),
      header(token),
      { ...cookie(otherValue), host: "two.test" },
      { ...header(otherToken), host: "two.test" },
      cookie(signedWith(value, realKey(loot), realBeginning(loot))),
    ];
    for (const parts of valid) expect(await outcome(parts)).toBe("pass");
  });

  test.each(COOKIES)("by a cookie: %s", async (_, parts) => {
    expect(await outcome(parts(loot))).toBe("held");
  });

  test("by a cookie with any one character changed", async () => {
    const { value } = loot;
    const passed: string[] = [];
    for (let at = 0; at < value.length; at++) {
      // Also by one that is its neighbour in base64url: of the last character two bits mean nothing.
      const neighbour = alphabet[alphabet.indexOf(value.charAt(at)) ^ 1] ?? "A";
      for (const other of [neighbour, "1", "w", ".", ""]) {
        if (other === value[at]) continue;
        const changed = `${value.slice(0, at)}${other}${value.slice(at + 1)}`;
        if ((await outcome(cookie(changed))) !== "held") passed.push(`${at}: ${changed}`);
      }
    }
    expect(passed).toEqual([]);
  }, 60_000);

  test.each(TOKENS)("by a token: %s", async (_, parts) => {
    expect(await outcome(parts(loot))).toBe("held");
  });

  test.each(PLACES)("of one site with what holds for another: %s", async (_, parts) => {
    const { headers = [], ...rest } = parts(loot);
    for (const own of [`Cookie: __Host-lull-bypass=${loot.otherValue}`, `X-Lull-Bypass: ${loot.otherToken}`])
      expect(await outcome({ ...rest, headers: [...headers, own] })).toBe("held");
  });

  test.each<[string, VisitParts, string]>([
    ["a method that is no word of HTTP", { method: "X".repeat(70) }, "held"],
    ["CONNECT", { method: "CONNECT", target: "one.test:443" }, "400"],
    ["CONNECT with a path", { method: "CONNECT" }, "405"],
    ["TRACE", { method: "TRACE" }, "405"],
    ["two hosts", { headers: ["Host: two.test"] }, "400"],
    ["no host", { host: "" }, "400"],
    ["a NUL in the target", { target: "/\0" }, "400"],
    ["a way out of the root", { target: "/../x" }, "400"],
    ["an escape that is none", { target: "/%zz" }, "400"],
  ])(
    "with a cookie that holds, where the visit cannot be read: %s",
    async (_, { headers = [], ...parts }, expected) => {
      expect(await outcome({ ...parts, headers: [...headers, `Cookie: __Host-lull-bypass=${loot.value}`] })).toBe(
        expected,
      );
    },
  );

  test.each<[string, (link: string) => string]>([
    ["a slash behind it", (link) => `${link}/`],
    ["two slashes", (link) => link.replace("bypass/", "bypass//")],
    ["a dot behind it", (link) => `${link}.`],
    ["an encoded NUL behind it", (link) => `${link}%00`],
    ["an encoded line behind it", (link) => `${link}%0a`],
    ["a space behind it", (link) => `${link}%20`],
    ["escaped twice", (link) => link.replace(/.$/, (last) => `%25${last.charCodeAt(0).toString(16)}`)],
    ["dots on the way", (link) => link.replace("bypass/", "x/../bypass/")],
    ["a backslash", (link) => link.replace("bypass/", "bypass\\")],
    ["an encoded slash", (link) => link.replace("bypass/", "bypass%2f")],
    ["the token in the query", (link) => link.replace("bypass/", "bypass/?")],
    ["other capitals", (link) => link.replace("bypass/", "BYPASS/")],
  ])("by the link of a bypass, when its address is not that: %s", async (_, address) => {
    const options = { method: "POST" };
    const response = await scene.gate.visit({ ...options, target: address(`/.lull/bypass/${loot.token}`) });
    expect(response.response.header("set-cookie")).toBeNull();
    expect(["400", "404", "held"]).toContain(response.outcome);
  });

  test("by the link of another site, a used one, a revoked one, an expired one", async () => {
    for (const token of [loot.otherToken, loot.usedToken, loot.revokedToken, loot.expiredToken, "A".repeat(43)]) {
      const response = await scene.secure(`/.lull/bypass/${token}`, { method: "POST" });
      expect([response.status, response.headers.get("set-cookie")]).toEqual([404, null]);
    }
  });

  test("nor has all this made nginx take the sidecar for dead", async () => {
    expect(await scene.gate.nginx.errorLog()).not.toMatch(/upstream|auth request/);
    expect(await outcome({})).toBe("held");
  });
});

async function gather({ gate, create, redeem }: BypassGate): Promise<Loot> {
  const cookieOf = async (token: string, host?: string) => (await redeem(token, host)).split("=")[1] ?? "";
  const expiredToken = await create("--site", "one.test", "--for", "2s");
  const expiredValue = await cookieOf(expiredToken);
  const token = await create("--site", "one.test");
  const otherToken = await create("--site", "two.test");
  const usedToken = await create("--site", "one.test", "--single-use");
  await redeem(usedToken);
  const plainToken = await create("--site", "one.test", "--insecure-cookie");
  const revokedToken = await create("--site", "one.test");
  const revokedValue = await cookieOf(revokedToken);
  await gate.lull.command("bypass", "revoke", revokedValue.split(".")[1] ?? "");
  // Nobody needs to do anything for it to be over.
  while (Date.now() <= Number(expiredValue.split(".")[3])) await Bun.sleep(20);
  return {
    token,
    value: await cookieOf(token),
    otherToken,
    otherValue: await cookieOf(otherToken, "two.test"),
    usedToken,
    revokedToken,
    revokedValue,
    expiredToken,
    expiredValue,
    plainValue: await cookieOf(plainToken),
    secrets: readSecrets(gate.lull),
  };
}
