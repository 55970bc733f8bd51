import { describe, expect, test } from "bun:test";
import { createHmac, sign as signBytes } from "node:crypto";
import { type TokenRules, verifyToken } from "../../src/staff/verify-token.ts";
import { readKeySet, readSecret } from "../../src/staff/verifying-keys.ts";
import {
  claims,
  keySet,
  part,
  type Signer,
  sign,
  signer,
  start,
  startSeconds,
  tokenSettings,
} from "./token-builders.ts";

const rsa = signer("RS256", "rsa");
const elliptic = signer("ES256", "ec");
const edwards = signer("EdDSA", "ed");
const stranger = signer("RS256", "rsa");
const algorithms = ["RS256", "ES256", "EdDSA"];
const setOf = (...keys: readonly unknown[]) => readKeySet(Buffer.from(keySet(...keys)), algorithms).keys;
const keys = setOf(rsa.published, elliptic.published, edwards.published);
const secret = Buffer.alloc(32, "s");
const byName = { algorithm: "HS256", keyId: "rsa" };

async function kindOf(token: string, rules: Partial<TokenRules> = {}, by = keys): Promise<string> {
  return (await verifyToken(token, by, { rules: { ...tokenSettings({}), ...rules }, now: start })).kind;
}

describe("claims", () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["as they should be", {}],
    ["for several audiences", { aud: ["other", "shop"] }],
    ["over for less than clocks may differ", { exp: startSeconds - 29 }],
    ["not yet begun by less than clocks may differ", { nbf: startSeconds + 30 }],
    ["with the time at which it was made", { iat: startSeconds - 10, nbf: startSeconds - 10 }],
  ])("hold %s", async (_, change) => {
    expect(await kindOf(await sign(rsa, claims(change)))).toBe("verified");
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["of another issuer", { iss: "https://id.example.org/" }],
    ["of an issuer without its slash", { iss: "https://id.example.com" }],
    ["of no issuer", { iss: undefined }],
    ["for another audience", { aud: "blog" }],
    ["for a longer audience", { aud: "shops" }],
    ["for no audience", { aud: undefined }],
    ["for an empty list of audiences", { aud: [] }],
    ["over", { exp: startSeconds - 31 }],
    ["over to the second", { exp: startSeconds - 30 }],
    ["without an end", { exp: undefined }],
    ["not yet begun", { nbf: startSeconds + 31 }],
    ["bound to a key that its bearer must prove to have", { cnf: { jkt: "x" } }],
  ])("do not hold %s", async (_, change) => {
    expect(await kindOf(await sign(rsa, claims(change)))).toBe("refused");
  });

  test.each<[string, unknown]>([
    ["an end that is a text", { ...claims(), exp: String(startSeconds + 300) }],
    ["an end that is a list", { ...claims(), exp: [startSeconds + 300] }],
    ["an end that is nothing", { ...claims(), exp: null }],
    ["a beginning that is a text", { ...claims(), nbf: "0" }],
    ["an issuer in a list", { ...claims(), iss: [claims().iss] }],
    ["a list", [claims()]],
    ["a text", "staff"],
    ["nothing", null],
    ["no JSON", "{"],
  ])("do not hold as %s, however well signed", async (_, payload) => {
    expect(await kindOf(signedText({ alg: "RS256", kid: "rsa" }, payload))).toBe("refused");
  });

  test("of any issuer and audience hold where none is configured", async () => {
    const token = await sign(rsa, claims({ iss: undefined, aud: "blog" }));
    expect(await kindOf(token, { issuer: "", audience: "" })).toBe("verified");
  });

  test("are held to the second where clocks must not differ", async () => {
    const rules = { clockSkewMs: 0 };
    expect(await kindOf(await sign(rsa, claims({ exp: startSeconds + 1 })), rules)).toBe("verified");
    expect(await kindOf(await sign(rsa, claims({ exp: startSeconds })), rules)).toBe("refused");
  });
});

describe("the header", () => {
  test.each(["JWT", "jwt", "application/jwt", "at+jwt", "application/at+jwt"])("may have the type %s", async (typ) => {
    expect(await kindOf(await sign(rsa, claims(), { typ }))).toBe("verified");
  });

  test.each(["logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", "jwt ", ""])("may not have the type %j", async (typ) => {
    expect(await kindOf(await sign(rsa, claims(), { typ }))).toBe("refused");
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["something critical that nobody knows", { crit: ["exp"], exp: 1 }],
    ["something critical that is not there", { crit: ["x"] }],
    ["nothing critical, in so many words", { crit: [] }],
    ["an unencoded payload", { crit: ["b64"], b64: false }],
    ["no algorithm", { alg: undefined }],
    ["an algorithm that is a list", { alg: ["RS256"] }],
    ["an algorithm in small letters", { alg: "rs256" }],
    ["an algorithm that is not allowed", { alg: "RS512" }],
    ["another family's algorithm", { alg: "PS256" }],
    ["another kind of key's algorithm", { alg: "ES256" }],
    ["a type that is a number", { typ: 1 }],
    ["a compressed payload, critically", { zip: "DEF", crit: ["zip"] }],
  ])("may not have %s, however well signed", async (_, change) => {
    expect(["refused", "unknown-key"]).toContain(
      await kindOf(signedText({ alg: "RS256", kid: "rsa", ...change }, claims())),
    );
  });

  test.each(["RS512", "PS256"])(
    "may not name %s, which the key could do, when it is not allowed",
    async (algorithm) => {
      const { alg: _, ...published } = rsa.published;
      const token = await sign({ ...rsa, algorithm });
      expect(await kindOf(token, {}, setOf(published))).toBe("refused");
      expect(await kindOf(token, { algorithms: [algorithm] }, setOf(published))).toBe("verified");
    },
  );

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["brings its own key", { jwk: stranger.publicKey.export({ format: "jwk" }) }],
    ["says where its key is", { jku: "https://evil.example/jwks.json" }],
    ["brings its own certificate", { x5c: ["AAAA"], x5u: "https://evil.example/" }],
  ])("that %s is not believed", async (_, change) => {
    expect(await kindOf(await sign(stranger, claims(), change))).toBe("refused");
  });
});

describe("the signature", () => {
  test.each<[string, (good: string) => string | Promise<string>]>([
    ["another's", () => sign(stranger)],
    ["of none", (good) => `${part({ alg: "none" })}.${good.split(".")[1]}.`],
    ["of none, with one that is left over", (good) => `${part({ alg: "none" })}.${good.split(".").slice(1).join(".")}`],
    ["of None", (good) => `${part({ alg: "None", kid: "rsa" })}.${good.split(".").slice(1).join(".")}`],
    ["empty", (good) => good.replace(/[^.]+$/, "")],
    ["one character shorter", (good) => good.slice(0, -1)],
    ["one character longer", (good) => `${good}A`],
    ["of zeros", (good) => good.replace(/[^.]+$/, "A".repeat(342))],
    ["of another token", async (good) => good.replace(/[^.]+$/, `${(await sign(rsa, { sub: "x" })).split(".")[2]}`)],
    ["over other claims", (good) => good.replace(/\.[^.]+\./, `.${part(claims({ groups: ["admin"] }))}.`)],
    ["over another header", (good) => good.replace(/^[^.]+/, part({ alg: "RS256", kid: "rsa", x: 1 }))],
    ["by the public key as a secret, in PEM", () => confused(rsa.publicKey.export({ type: "spki", format: "pem" }))],
    [
      "by the public key as a secret, in PKCS 1",
      () => confused(rsa.publicKey.export({ type: "pkcs1", format: "pem" })),
    ],
    ["by the public key as a secret, in DER", () => confused(rsa.publicKey.export({ type: "spki", format: "der" }))],
    ["by the published key as a secret", () => confused(JSON.stringify(rsa.published))],
    ["by the modulus as a secret", () => confused(Buffer.from(String(rsa.published["n"]), "base64url"))],
    ["by nothing as a secret", () => confused("")],
  ])("%s does not hold", async (_, forge) => {
    expect(await kindOf(await forge(await sign(rsa)), { algorithms: [...algorithms, "HS256"] })).toBe("refused");
  });

  test("of elliptic curves that is all zeros, or in DER, does not hold", async () => {
    const [header, payload] = (await sign(elliptic)).split(".");
    const zeros = Buffer.alloc(64).toString("base64url");
    const der = signBytes("sha256", Buffer.from(`${header}.${payload}`), elliptic.privateKey).toString("base64url");
    for (const signature of [zeros, der]) expect(await kindOf(`${header}.${payload}.${signature}`)).toBe("refused");
  });

  test("by a key that is too short does not hold", async () => {
    const short = signer("RS256", "short", 1_024);
    const token = signedText({ alg: "RS256", kid: "short" }, claims(), short);
    expect(await kindOf(token, {}, setOf(short.published))).toBe("refused");
  });

  test("by a secret holds for that secret alone", async () => {
    const own = readSecret(secret, ["HS256"]).keys;
    const rules = { algorithms: ["HS256"] };
    expect(await kindOf(await sign({ ...byName, privateKey: secret }), rules, own)).toBe("verified");
    expect(await kindOf(await sign({ ...byName, privateKey: Buffer.alloc(32, "t") }), rules, own)).toBe("refused");
    expect(await kindOf(await sign({ ...byName, algorithm: "HS512", privateKey: Buffer.alloc(64) }), rules, own)).toBe(
      "refused",
    );
    expect(await kindOf(await sign(rsa), rules, own)).toBe("refused");
  });
});

describe("the key", () => {
  const second = signer("RS256", "second");
  const nameless = ({ published: { kid: _, ...published } }: Signer) => published;

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["another name", { kid: "new" }],
    ["a name in other letters", { kid: "RSA" }],
    ["an empty name", { kid: "" }],
  ])("of %s may be a new one", async (_, change) => {
    expect(await kindOf(await sign(rsa, claims(), change))).toBe("unknown-key");
  });

  test("without a name is found among several", async () => {
    const set = setOf(nameless(second), nameless(rsa), elliptic.published);
    expect(await kindOf(await sign(rsa, claims(), { kid: undefined }), {}, set)).toBe("verified");
    expect(await kindOf(await sign(rsa, claims(), { kid: undefined }), {}, setOf(nameless(rsa)))).toBe("verified");
  });

  test("without a name that is none of these may be a new one", async () => {
    const token = await sign(stranger, claims(), { kid: undefined });
    expect(await kindOf(token, {}, setOf(nameless(second), nameless(rsa)))).toBe("unknown-key");
    expect(await kindOf(token, {}, setOf(nameless(rsa)))).toBe("unknown-key");
  });

  test("whose name two have is either of them", async () => {
    const set = setOf({ ...second.published, kid: "rsa" }, rsa.published);
    expect(await kindOf(await sign(rsa), {}, set)).toBe("verified");
    expect(await kindOf(await sign(stranger), {}, set)).toBe("refused");
  });

  test("is looked for among the first four alone", async () => {
    const many = [...Array(4).fill(nameless(second)), nameless(rsa)];
    expect(await kindOf(await sign(rsa, claims(), { kid: undefined }), {}, setOf(...many))).toBe("unknown-key");
    const fewer = many.slice(1);
    expect(await kindOf(await sign(rsa, claims(), { kid: undefined }), {}, setOf(...fewer))).toBe("verified");
  });

  test("that nobody can use leaves the others usable", async () => {
    const broken = { kty: "RSA", n: "!", e: "AQAB", kid: "rsa", alg: "RS256" };
    expect(await kindOf(await sign(rsa), {}, setOf(broken, rsa.published))).toBe("verified");
    expect(await kindOf(await sign(rsa), {}, setOf(broken))).toBe("refused");
  });
});

test.each(["", ".", "..", "a.b.c", "....", "a.b.c.d", `${part({ alg: "RS256" })}.${part("{")}.x`, "\0.\0.\0"])(
  "what is no token at all is none: %j",
  async (token) => {
    expect(["refused", "unknown-key"]).toContain(await kindOf(token));
  },
);

/** Of things that no well-behaved library signs. */
function signedText(header: unknown, payload: unknown, by = rsa): string {
  const content = `${part(header)}.${part(payload)}`;
  return `${content}.${signBytes("sha256", Buffer.from(content), by.privateKey).toString("base64url")}`;
}

/** What is public, used as if it were a secret. */
function confused(key: string | Buffer): string {
  const content = `${part({ alg: "HS256", kid: "rsa" })}.${part(claims())}`;
  return `${content}.${createHmac("sha256", key).update(content).digest("base64url")}`;
}
