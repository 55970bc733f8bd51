import { describe, expect, test } from "bun:test";
import { notStaff } from "../../src/staff/token-refusal.ts";
import { type TokenRules, verifyToken } from "../../src/staff/verify-token.ts";
import { readKeySet, readSecret } from "../../src/staff/verifying-keys.ts";
import {
  audience,
  claims,
  issuer,
  keySet,
  part,
  sign,
  signer,
  start,
  startSeconds,
  tokenSettings,
} from "./token-builders.ts";

const [rsa, stranger, short] = [signer("RS256", "rsa"), signer("RS256", "rsa"), signer("RS256", "rsa", 1_024)];
const algorithms = ["RS256", "ES256", "EdDSA"];
const setOf = (...keys: readonly unknown[]) => readKeySet(Buffer.from(keySet(...keys)), algorithms).keys;
const keys = setOf(rsa.published);
const secret = { algorithm: "HS256", keyId: "x", privateKey: Buffer.alloc(32, "t") };

async function refusalOf(token: string, by = keys, rules: Partial<TokenRules> = {}): Promise<string> {
  const found = await verifyToken(token, by, { rules: { ...tokenSettings({}), ...rules }, now: start });
  return found.kind === "verified" ? "verified" : `${found.refusal.of}: ${found.refusal.reason}`;
}

describe("what is wrong with a token of the issuer is said", () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["expired", { exp: startSeconds - 31 }, "expired"],
    ["no end", { exp: undefined }, "it has no exp"],
    ["an end that is a text", { exp: "soon" }, "exp is not a number"],
    ["not begun", { nbf: startSeconds + 31 }, "it has not begun (nbf)"],
    ["another issuer", { iss: "https://other.example/" }, `iss is not jwt_issuer "${issuer}"`],
    ["no issuer", { iss: undefined }, "it has no iss"],
    ["another audience", { aud: ["blog"] }, `aud is not jwt_audience "${audience}", nor holds it`],
    ["no audience", { aud: undefined }, "it has no aud"],
    ["bound to a key", { cnf: {} }, "its bearer must prove to have a key (cnf), and nobody can prove that here"],
  ])("%s", async (_, change, reason) => {
    expect(await refusalOf(await sign(rsa, claims(change)))).toBe(`issuer: ${reason}`);
  });

  test("made for something else", async () => {
    const token = await sign(rsa, claims(), { typ: "logout+jwt" });
    expect(await refusalOf(token)).toBe("issuer: typ is neither JWT nor at+jwt");
  });
});

describe("what is wrong with a token that anybody could have made is said", () => {
  test.each<[string, () => Promise<string>, string]>([
    ["an unknown key", () => sign(rsa, claims(), { kid: "new" }), "no key with that kid, for its alg"],
    [
      "an algorithm without a key",
      () => sign(signer("ES256", "ec"), claims(), { kid: undefined }),
      "no key for its alg",
    ],
    ["an algorithm that is not meant", () => sign(secret), "alg is none of jwt_algorithms (RS256, ES256, EdDSA)"],
    ["signed by another", () => sign(stranger), "it is not signed with the key that its kid names"],
    ["signed by none", () => sign(stranger, claims(), { kid: undefined }), "it is not signed with any of the keys"],
    ["no JSON", async () => `${part("x")}.${part("y")}.${part("z")}`, "it is not a signed JWT"],
    [
      "a critical header",
      async () => `${part({ alg: "RS256", crit: ["x"], x: 1 })}.${part({})}.AAAA`,
      "its header asks for what lull does not know (crit)",
    ],
  ])("%s", async (_, token, reason) => {
    expect(await refusalOf(await token())).toBe(`stranger: ${reason}`);
  });

  test("another secret, and a key that is too short", async () => {
    const own = readSecret(Buffer.alloc(32, "s"), ["HS256"]).keys;
    const bySecret = await refusalOf(await sign(secret), own, { algorithms: ["HS256"] });
    expect(bySecret).toBe("stranger: it is not signed with the secret of jwt_secret_file");
    const token = await sign(rsa);
    expect(await refusalOf(token, setOf(short.published))).toContain("of no use, such as an RSA key of less than 2048");
  });
});

describe("who is not staff is told which claims there are", () => {
  const staff = { name: "realm_access.roles", value: "staff" };

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["their names alone", { iss: "secret", groups: ["private"] }, "it has iss, groups"],
    ["names that are cut", { ["x".repeat(41)]: 1 }, `it has ${"x".repeat(40)}...`],
    ["names that can be printed", { "a\u001b[2J\nb\u202e": 1 }, "it has a?[2J?b?"],
    [
      "few names",
      Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`n${index}`, 1])),
      "it has n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11 and 3 more",
    ],
  ])("%s", (_, given, words) => {
    const reason = `no claim "realm_access.roles" with the value "staff": ${words}`;
    expect(notStaff(given, { staff, superuser: null })).toEqual({ reason, of: "visitor" });
  });

  test("and both that are looked for", () => {
    const { reason } = notStaff({ sub: 1 }, { staff, superuser: { name: "a", value: "b" } });
    expect(reason).toBe('no claim "realm_access.roles" with the value "staff", nor "a" with the value "b": it has sub');
  });
});
