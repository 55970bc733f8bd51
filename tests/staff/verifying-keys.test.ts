import { describe, expect, test } from "bun:test";
import { verifyToken } from "../../src/staff/verify-token.ts";
import { readKeySet, readSecret } from "../../src/staff/verifying-keys.ts";
import { claims, keySet, sign, signer, start, tokenSettings } from "./token-builders.ts";

const rsa = signer("RS256", "rsa");
const elliptic = signer("ES256", "ec");
const edwards = signer("EdDSA", "ed");
const algorithms = ["RS256", "ES256", "EdDSA"];
const bytes = (text: string) => new TextEncoder().encode(text);

describe("a JWK Set", () => {
  test.each<[string, string, RegExp]>([
    ["that is empty", "", /^is not JSON/],
    ["that is HTML", "<html>", /^is not JSON/],
    ["that is a text", '"keys"', /^is no JWK Set/],
    ["that is nothing", "null", /^is no JWK Set/],
    ["that is a list", "[]", /^is no JWK Set/],
    ["that is one key", JSON.stringify(rsa.published), /^is no JWK Set/],
    ["whose keys are no list", '{"keys":{}}', /^is no JWK Set/],
    ["with more keys than anybody has", keySet(...Array(101).fill(rsa.published)), /^holds 101 keys/],
  ])("%s is refused", (_, text, message) => {
    expect(() => readKeySet(bytes(text), algorithms)).toThrow(message);
  });

  test("that is no UTF-8 is refused, and what it holds is told nobody", () => {
    expect(() => readKeySet(new Uint8Array([0x7b, 0xff, 0x7d]), algorithms)).toThrow(/^is not JSON/);
    expect(() => readKeySet(bytes("hunter2 {"), algorithms)).toThrow(expect.not.stringContaining("hunter2"));
  });

  test.each<[string, readonly unknown[]]>([
    ["has none", []],
    ["has only symmetric ones", [{ kty: "oct", k: "A".repeat(43), alg: "HS256", kid: "rsa" }]],
    ["has only private ones", [{ ...rsa.privateKey.export({ format: "jwk" }), kid: "rsa" }]],
    ["has only some for encryption", [{ ...rsa.published, use: "enc" }]],
    ["has only things that are no keys", [null, 1, "RSA", [], {}, { kty: 1 }]],
  ])("whose fitting keys are none, for it %s, is taken, and told", async (_, keys) => {
    const reading = readKeySet(bytes(keySet(...keys)), algorithms);
    expect(reading.fault).toMatch(/none of them public and for signatures by RS256, ES256, EdDSA; see jwt_algorithms$/);
    const at = { rules: tokenSettings({}), now: start };
    expect((await verifyToken(await sign(rsa), reading.keys, at)).kind).toBe("unknown-key");
  });

  test("with keys for other algorithms alone is told", () => {
    expect(readKeySet(bytes(keySet(elliptic.published)), ["RS256"]).fault).toMatch(/^holds 1 keys/);
  });

  test.each([
    ["RS256", rsa],
    ["ES256", elliptic],
    ["EdDSA", edwards],
  ])("among others verifies %s", async (_, by) => {
    const others = [null, { kty: "oct", k: "AAAA", kid: by.keyId }, { kty: "new", kid: by.keyId }];
    const all = keySet(...others, rsa.published, elliptic.published, edwards.published);
    const { keys, fault } = readKeySet(bytes(all), algorithms);
    const verification = await verifyToken(await sign(by), keys, { rules: tokenSettings({}), now: start });
    expect([fault, verification]).toEqual([null, { kind: "verified", claims: claims() }]);
  });
});

describe("a secret", () => {
  test.each<[string, string, readonly string[]]>([
    ["of 31 bytes for HS256", "x".repeat(31), ["HS256"]],
    ["of 31 bytes and a line feed", `${"x".repeat(31)}\n`, ["HS256"]],
    ["of 47 bytes for HS384", "x".repeat(47), ["HS256", "HS384"]],
    ["of 63 bytes for HS512", "x".repeat(63), ["HS512"]],
    ["of nothing", "", ["HS256"]],
  ])("%s is refused, and told nobody", (_, text, names) => {
    const read = () => readSecret(bytes(text), names);
    expect(read).toThrow(/^has \d+ bytes; HS.* needs \d\d that nobody guesses/);
    expect(read).toThrow(expect.not.stringContaining("xx"));
  });

  test.each<[string, string]>([
    ["as it is", ""],
    ["without the line feed behind it", "\n"],
    ["without the line end of Windows behind it", "\r\n"],
  ])("counts %s", (_, end) => {
    const secret = `${"é".repeat(15)}\n x`;
    const { keys } = readSecret(bytes(`${secret}${end}`), ["HS256"]);
    expect(keys.kind === "secret" && Buffer.compare(keys.secret, bytes(secret)) === 0).toBe(true);
  });
});
