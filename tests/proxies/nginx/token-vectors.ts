import { createHmac, sign as signBytes } from "node:crypto";
import { keySet, part, type Signer, sign, signer } from "../../staff/token-builders.ts";
import type { VisitParts } from "./visit.ts";

const audience = "shop";
const issuer = "https://id.example.com/";

/** What an attacker may have got hold of, and who signs for whom. */
export interface TokenLoot {
  readonly rsa: Signer;
  readonly elliptic: Signer;
  readonly edwards: Signer;
  /** Signs under the names of `rsa`, with a key of his own. */
  readonly stranger: Signer;
  /** What is published, with a symmetric key and a private one that nobody should have published. */
  readonly published: string;
  /** Of staff, and it holds. */
  readonly staff: string;
  readonly superuser: string;
  /** Of who is neither. */
  readonly user: string;
}

const leakedSecret = Buffer.alloc(32, "k");
const leaked = signer("RS256", "leaked");
const encrypting = signer("RS256", "encrypting");

/** Claims that hold now, with some of them changed; undefined leaves one out. */
export function claimsNow(change: Readonly<Record<string, unknown>> = {}) {
  return { iss: issuer, aud: audience, exp: seconds() + 600, groups: ["users", "staff"], ...change };
}

export async function gatherTokens(): Promise<TokenLoot> {
  const [rsa, elliptic, edwards] = [signer("RS256", "rsa"), signer("ES256", "ec"), signer("EdDSA", "ed")];
  const published = keySet(
    rsa.published,
    elliptic.published,
    edwards.published,
    { kty: "oct", kid: "shared", alg: "HS256", use: "sig", k: leakedSecret.toString("base64url") },
    { ...leaked.privateKey.export({ format: "jwk" }), kid: "leaked", use: "sig", alg: "RS256" },
    { ...encrypting.published, use: "enc" },
  );
  return {
    rsa,
    elliptic,
    edwards,
    stranger: signer("RS256", "rsa"),
    published,
    staff: await sign(rsa, claimsNow()),
    superuser: await sign(rsa, claimsNow({ groups: ["admin"] })),
    user: await sign(rsa, claimsNow({ groups: ["users"] })),
  };
}

type Forgery = readonly [sentence: string, forge: (loot: TokenLoot) => string | Promise<string>];
type Misplacement = readonly [sentence: string, parts: (loot: TokenLoot) => VisitParts];

/** Tokens that nobody believes, be it in the header or in the cookie. */
export const FORGERIES: readonly Forgery[] = [
  ["an empty one", () => ""],
  ["a word", () => "staff"],
  ["three words", () => "a.b.c"],
  ["of who is not staff", ({ user }) => user],
  ["with a claim in other letters", ({ rsa }) => sign(rsa, claimsNow({ groups: ["Staff"] }))],
  ["with a claim that only begins so", ({ rsa }) => sign(rsa, claimsNow({ groups: ["staffing"] }))],
  ["with a list in a list", ({ rsa }) => sign(rsa, claimsNow({ groups: [["staff"]] }))],
  ["with an object in place of a list", ({ rsa }) => sign(rsa, claimsNow({ groups: { staff: true } }))],
  ["of another issuer", ({ rsa }) => sign(rsa, claimsNow({ iss: "https://id.example.org/" }))],
  ["of an issuer that begins so", ({ rsa }) => sign(rsa, claimsNow({ iss: `${issuer}evil` }))],
  ["of a list of issuers", ({ rsa }) => sign(rsa, claimsNow({ iss: [issuer] }))],
  ["of no issuer", ({ rsa }) => sign(rsa, claimsNow({ iss: undefined }))],
  ["for another audience", ({ rsa }) => sign(rsa, claimsNow({ aud: "blog" }))],
  ["for no audience", ({ rsa }) => sign(rsa, claimsNow({ aud: undefined }))],
  ["that is over", ({ rsa }) => sign(rsa, claimsNow({ exp: seconds() - 60 }))],
  ["that never ends", ({ rsa }) => sign(rsa, claimsNow({ exp: undefined }))],
  ["that ends in a text", ({ rsa }) => sign(rsa, claimsNow({ exp: "9999999999" }))],
  ["that has not begun", ({ rsa }) => sign(rsa, claimsNow({ nbf: seconds() + 600 }))],
  ["made for logging out", ({ rsa }) => sign(rsa, claimsNow(), { typ: "logout+jwt" })],
  ["bound to a key", ({ rsa }) => sign(rsa, claimsNow({ cnf: { jkt: "x" } }))],
  ["with something critical", ({ rsa }) => signed(rsa, { crit: ["x"], x: 1 })],
  ["with an unencoded payload", ({ rsa }) => signed(rsa, { crit: ["b64"], b64: false })],
  ["signed by a stranger", ({ stranger }) => sign(stranger, claimsNow())],
  ["signed by a stranger, who brings the key", ({ stranger }) => signed(stranger, { jwk: stranger.published })],
  ["signed by a stranger, who says where the key is", ({ stranger }) => signed(stranger, { jku: "http://127.0.0.1/" })],
  ["signed by a stranger, under no name", ({ stranger }) => signed(stranger, { kid: undefined })],
  ["signed by a stranger, under a new name", ({ stranger }) => signed(stranger, { kid: "new" })],
  ["signed by a stranger, under a path", ({ stranger }) => signed(stranger, { kid: "../../../../dev/null" })],
  ["signed by a stranger, under a query", ({ stranger }) => signed(stranger, { kid: "x' UNION SELECT 'a" })],
  ["signed by a private key that is published", () => sign(leaked, claimsNow())],
  ["signed by a key for encryption", () => sign(encrypting, claimsNow())],
  ["signed by a secret that is published", () => secretly(leakedSecret, { kid: "shared" })],
  ["not signed", ({ staff }) => withHeader(staff, { alg: "none" }).replace(/[^.]+$/, "")],
  ["not signed, with a signature", ({ staff }) => withHeader(staff, { alg: "none" })],
  ["not signed, in capitals", ({ staff }) => withHeader(staff, { alg: "NONE", kid: "rsa" })],
  ["not signed, with an empty algorithm", ({ staff }) => withHeader(staff, { alg: "", kid: "rsa" })],
  ["without a signature", ({ staff }) => staff.split(".").slice(0, 2).join(".")],
  ["with an empty signature", ({ staff }) => staff.replace(/[^.]+$/, "")],
  ["with a signature of zeros", ({ staff }) => staff.replace(/[^.]+$/, "A".repeat(342))],
  ["with half a signature", ({ staff }) => staff.slice(0, -171)],
  ["with a padded signature", ({ staff }) => `${staff}==`],
  ["with a part more", ({ staff }) => `${staff}.x`],
  ["with another's signature", ({ staff, user }) => `${cut(staff)}.${user.split(".")[2]}`],
  ["with another's claims", ({ user, staff }) => user.replace(/\.[^.]+\./, `.${staff.split(".")[1]}.`)],
  ["with a zero signature of elliptic curves", ({ elliptic }) => unsigned(elliptic, Buffer.alloc(64))],
  ["with a zero signature of Ed25519", ({ edwards }) => unsigned(edwards, Buffer.alloc(64))],
  ["the public key as a secret, in PEM", ({ rsa }) => secretly(rsa.publicKey.export({ type: "spki", format: "pem" }))],
  ["the public key as a secret, in DER", ({ rsa }) => secretly(rsa.publicKey.export({ type: "spki", format: "der" }))],
  ["the public key as a secret, as published", ({ rsa }) => secretly(JSON.stringify(rsa.published))],
  ["the whole set as a secret", ({ published }) => secretly(published)],
  ["the name of the key as a secret", () => secretly("rsa")],
  ["an empty secret", () => secretly("")],
  ["another family's algorithm", ({ staff }) => withHeader(staff, { alg: "PS256", kid: "rsa" })],
  ["a longer hash's algorithm", ({ staff }) => withHeader(staff, { alg: "RS512", kid: "rsa" })],
  ["another kind of key", ({ elliptic, staff }) => `${cut(staff)}.${signature(elliptic, cut(staff))}`],
  ["8 KB of nothing", () => `${"a".repeat(4_000)}.${"b".repeat(3_900)}.c`],
  ["8 KB, signed by a stranger", ({ stranger }) => sign(stranger, claimsNow({ filler: "x".repeat(5_000) }))],
  ["8 KB of dots", () => ".".repeat(8_000)],
  ["thousands of things in things", () => `${part("[".repeat(2_900))}.${part("[".repeat(2_900))}.c`],
];

/** Where a token that holds does not count, for who can make others' browsers send it there, or for who finds it there. */
export const MISPLACEMENTS: readonly Misplacement[] = [
  ["in the query", ({ staff }) => ({ target: `/?access_token=${staff}&jwt=${staff}&token=${staff}` })],
  ["in the path", ({ staff }) => ({ target: `/${staff}` })],
  ["in the fragment", ({ staff }) => ({ target: `/#access_token=${staff}` })],
  ["in the body", ({ staff }) => ({ method: "POST", body: `access_token=${staff}` })],
  ["alone in the header", ({ staff }) => headers(`Authorization: ${staff}`)],
  ["as a password", ({ staff }) => headers(`Authorization: Basic ${btoa(`jwt:${staff}`)}`)],
  ["under another scheme", ({ staff }) => headers(`Authorization: Basic ${staff}`)],
  ["under a longer scheme", ({ staff }) => headers(`Authorization: XBearer ${staff}`)],
  ["quoted", ({ staff }) => headers(`Authorization: Bearer "${staff}"`)],
  ["behind a word", ({ staff }) => headers(`Authorization: Bearer token ${staff}`)],
  ["before a word", ({ staff }) => headers(`Authorization: Bearer ${staff} x`)],
  ["behind a comma", ({ staff }) => headers(`Authorization: Bearer x.y.z, Bearer ${staff}`)],
  ["to a proxy", ({ staff }) => headers(`Proxy-Authorization: Bearer ${staff}`)],
  ["in a header of another name", ({ staff }) => headers(`X-Authorization: Bearer ${staff}`, `X-Auth-Token: ${staff}`)],
  ["in a header as programs have it", ({ staff }) => headers(`HTTP_AUTHORIZATION: Bearer ${staff}`)],
  ["in the header of bypasses", ({ staff }) => headers(`X-Lull-Bypass: ${staff}`)],
  ["in the header of claims", ({ staff }) => headers(`X-Auth-Groups: ${staff}`)],
  ["in a cookie of another name", ({ staff }) => headers(`Cookie: token=${staff}; access_token=${staff}`)],
  ["in a cookie in capitals", ({ staff }) => headers(`Cookie: JWT=${staff}`)],
  ["in a cookie that ends so", ({ staff }) => headers(`Cookie: xjwt=${staff}`)],
  ["in a cookie that begins so", ({ staff }) => headers(`Cookie: jwt2=${staff}`)],
  ["in another cookie's value", ({ staff }) => headers(`Cookie: a=jwt=${staff}`)],
  ["in a quoted cookie", ({ staff }) => headers(`Cookie: jwt="${staff}"`)],
  ["in an escaped cookie", ({ staff }) => headers(`Cookie: jwt=${staff.replaceAll(".", "%2e")}`)],
  ["in a cookie with its scheme", ({ staff }) => headers(`Cookie: jwt=Bearer ${staff}`)],
  ["in the cookie of bypasses", ({ staff }) => headers(`Cookie: __Host-lull-bypass=${staff}`)],
  ["in two halves", ({ staff }) => headers(`Cookie: jwt.0=${staff.slice(0, 99)}; jwt.1=${staff.slice(99)}`)],
  ["behind two others", ({ staff, user }) => headers(`Cookie: jwt=${user}; jwt=a.b.c; jwt=${staff}`)],
  ["beside a control byte, which no browser sends", ({ staff }) => headers(`Cookie: jwt=${staff}; a=\x01`)],
];

export const headers = (...lines: readonly string[]): VisitParts => ({ headers: lines });

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function cut(token: string): string {
  return token.split(".").slice(0, 2).join(".");
}

function withHeader(token: string, header: Readonly<Record<string, unknown>>): string {
  return token.replace(/^[^.]+/, part(header));
}

function signature({ algorithm, privateKey }: Signer, content: string): string {
  const hash = algorithm === "EdDSA" ? null : "sha256";
  return signBytes(hash, Buffer.from(content), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
}

/** Of headers that no well-behaved library signs. */
function signed(by: Signer, header: Readonly<Record<string, unknown>>): string {
  const content = `${part({ alg: by.algorithm, kid: by.keyId, ...header })}.${part(claimsNow())}`;
  return `${content}.${signature(by, content)}`;
}

function unsigned({ algorithm, keyId }: Signer, bytes: Buffer): string {
  return `${part({ alg: algorithm, kid: keyId })}.${part(claimsNow())}.${bytes.toString("base64url")}`;
}

function secretly(key: string | Buffer, header: Readonly<Record<string, unknown>> = {}): string {
  const content = `${part({ alg: "HS256", kid: "rsa", ...header })}.${part(claimsNow())}`;
  return `${content}.${createHmac("sha256", key).update(content).digest("base64url")}`;
}
