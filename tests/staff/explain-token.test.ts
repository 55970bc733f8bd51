import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import type { Standing } from "../../src/gate/standing.ts";
import { explainToken } from "../../src/staff/explain-token.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startKeyServer } from "./key-server.ts";
import { claims, keySet, sign, signer, start, startSeconds, tokenSettings } from "./token-builders.ts";

const rsa = signer("RS256", "rsa");

describe("a token", () => {
  test.each<[string, Readonly<Record<string, unknown>>, Standing | null, string]>([
    ["of staff counts", {}, "staff", "null"],
    ["of a superuser counts", { groups: ["admin"] }, "superuser", "null"],
    ["that is over does not", { exp: startSeconds - 31 }, null, "expired"],
    ["of others does not", { groups: [] }, null, 'no claim "groups" with the value "staff", nor "groups" with'],
  ])("%s, and the address is asked once", async (_, change, standing, words) => {
    await using server = startKeyServer(keySet(rsa.published));
    const explanation = await explainToken(await sign(rsa, claims(change)), tokenSettings({ keys: server.url }), start);
    expect([explanation.standing, server.asked.length]).toEqual([standing, 1]);
    expect(String(explanation.reason)).toStartWith(words);
  });

  test.each([
    ["an opaque text", "abc"],
    ["nothing", ""],
    ["too long", `a.b.${"c".repeat(8_189)}`],
  ])("that is %s is not one", async (_, token) => {
    await using server = startKeyServer(keySet(rsa.published));
    const { reason } = await explainToken(token, tokenSettings({ keys: server.url }), start);
    expect([reason?.slice(0, 22), server.asked.length]).toEqual(["it is not a signed JWT", 0]);
  });

  test("counts nowhere where no keys are configured", async () => {
    const { reason } = await explainToken(await sign(rsa), null, start);
    expect(reason).toContain("neither jwt_keys nor jwt_secret_file is set");
  });

  test("of a set without usable keys says that", async () => {
    await using server = startKeyServer(keySet());
    const { reason } = await explainToken(await sign(rsa), tokenSettings({ keys: server.url }), start);
    expect(reason).toStartWith(`no key with that kid, for its alg: jwt_keys "${server.url}" holds 0 keys`);
  });

  test.each([
    ["not there", null, /^jwt_keys ".*keys" cannot be read \(ENOENT\): there is no such file; nobody can say/],
    ["not a set", "{}", /^jwt_keys ".*keys" is no JWK Set.*; nobody can say/],
  ])("whose keys are %s is worth nobody knows what", async (_, text, message) => {
    await using folder = temporaryFolder();
    if (text !== null) await writeFile(folder.file("keys"), text);
    const explained = explainToken(await sign(rsa), tokenSettings({ keys: folder.file("keys") }), start);
    await expect(explained).rejects.toThrow(message);
  });
});
