import { createHmac } from "node:crypto";
import { hashOfToken } from "../../../src/gate/bypass.ts";
import type { Secrets } from "./bypass-gate.ts";
import type { VisitParts } from "./visit.ts";

/** What an attacker may have got hold of, and more. */
export interface Loot {
  /** Of one.test, and both hold. */
  readonly token: string;
  readonly value: string;
  /** Of two.test. */
  readonly otherToken: string;
  readonly otherValue: string;
  /** Was redeemed: its token is worth nothing any more. */
  readonly usedToken: string;
  readonly revokedToken: string;
  readonly revokedValue: string;
  readonly expiredToken: string;
  readonly expiredValue: string;
  /** Of one.test, and may be used over plain http. */
  readonly plainValue: string;
  readonly secrets: Secrets;
}

export type Attack = readonly [sentence: string, parts: (loot: Loot) => VisitParts];

export const cookie = (value: string, name = "__Host-lull-bypass") => ({ headers: [`Cookie: ${name}=${value}`] });
export const header = (value: string) => ({ headers: [`X-Lull-Bypass: ${value}`] });

/** A cookie with one field replaced: v1 . bypass . site . expires . key . signature */
const withField = (value: string, field: number, change: (text: string) => string) =>
  value
    .split(".")
    .map((text, index) => (index === field ? change(text) : text))
    .join(".");

const unsigned = (value: string) => value.split(".").slice(0, 5).join(".");
const swapCase = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => (letter < "a" ? letter.toLowerCase() : letter.toUpperCase()));

/** Signs what stands there in some way that is not ours. */
export const signedWith = (value: string, key: string | Buffer, beginning = "") => {
  const content = unsigned(value);
  return `${content}.${createHmac("sha256", key).update(`${beginning}${content}`).digest("base64url")}`;
};
export const realKey = ({ secrets }: Loot) => Buffer.from(secrets.secret, "base64url");
export const realBeginning = ({ secrets, token }: Loot, of = token) =>
  `lull bypass\n${secrets.databaseId}\n${hashOfToken(of)}\n`;

export const COOKIES: readonly Attack[] = [
  ["none at all", () => ({})],
  ["an empty one", () => cookie("")],
  ["a name alone", () => ({ headers: ["Cookie: __Host-lull-bypass"] })],
  ["a word", () => cookie("true")],
  ["one character less", ({ value }) => cookie(value.slice(0, -1))],
  ["half of it", ({ value }) => cookie(value.slice(0, value.length / 2))],
  ["without its signature", ({ value }) => cookie(unsigned(value))],
  ["with an empty signature", ({ value }) => cookie(`${unsigned(value)}.`)],
  ["one character more", ({ value }) => cookie(`${value}A`)],
  ["one field more", ({ value }) => cookie(`${value}.1`)],
  ["padded", ({ value }) => cookie(`${value}=`)],
  ["another version", ({ value }) => cookie(withField(value, 0, () => "v2"))],
  ["a capital version", ({ value }) => cookie(withField(value, 0, () => "V1"))],
  ["no version", ({ value }) => cookie(value.slice(3))],
  ["another site's", ({ otherValue }) => cookie(otherValue)],
  ["another site's, with this one's number", ({ otherValue }) => cookie(withField(otherValue, 2, () => "2"))],
  [
    "another bypass's number",
    ({ value, otherValue }) => cookie(withField(value, 1, () => `${otherValue.split(".")[1]}`)),
  ],
  ["a bypass that there is not", ({ value }) => cookie(withField(value, 1, () => "999"))],
  ["bypass 0", ({ value }) => cookie(withField(value, 1, () => "0"))],
  ["a later end", ({ value }) => cookie(withField(value, 3, (text) => `${Number(text) + 1}`))],
  ["an earlier end", ({ value }) => cookie(withField(value, 3, (text) => `${Number(text) - 1}`))],
  ["an end in ten thousand years", ({ value }) => cookie(withField(value, 3, () => "9999999999999999"))],
  ["no end", ({ value }) => cookie(withField(value, 3, () => "Infinity"))],
  ["an end that is no number", ({ value }) => cookie(withField(value, 3, () => "NaN"))],
  ["another key's number", ({ value }) => cookie(withField(value, 4, (text) => `${Number(text) + 1}`))],
  ["key 0", ({ value }) => cookie(withField(value, 4, () => "0"))],
  ["a huge number", ({ value }) => cookie(withField(value, 1, () => "999999999999999"))],
  ["a number that no number can hold", ({ value }) => cookie(withField(value, 1, () => "9".repeat(40)))],
  [
    "a number that overflows into its own",
    ({ value }) => cookie(withField(value, 1, (text) => `${2 ** 32 + Number(text)}`)),
  ],
  ["an exponent", ({ value }) => cookie(withField(value, 1, (text) => `${text}e0`))],
  ["a negative number", ({ value }) => cookie(withField(value, 1, (text) => `-${text}`))],
  ["a signed number", ({ value }) => cookie(withField(value, 1, (text) => `+${text}`))],
  ["a hexadecimal number", ({ value }) => cookie(withField(value, 1, (text) => `0x${text}`))],
  ["leading zeros of the bypass", ({ value }) => cookie(withField(value, 1, (text) => `0${text}`))],
  ["leading zeros of the site", ({ value }) => cookie(withField(value, 2, (text) => `0${text}`))],
  ["leading zeros of the end", ({ value }) => cookie(withField(value, 3, (text) => `0${text}`))],
  ["leading zeros of the key", ({ value }) => cookie(withField(value, 4, (text) => `0${text}`))],
  ["digits of another script", ({ value }) => cookie(withField(value, 1, () => "\xd9\xa1"))],
  ["fields in another order", ({ value }) => cookie(value.split(".").toReversed().join("."))],
  ["other separators", ({ value }) => cookie(value.replaceAll(".", "|"))],
  ["other capitals", ({ value }) => cookie(withField(value, 5, swapCase))],
  ["a signature of zeros", ({ value }) => cookie(withField(value, 5, () => "A".repeat(43)))],
  [
    "a signature of another cookie",
    ({ value, otherValue }) => cookie(withField(value, 5, () => `${otherValue.split(".")[5]}`)),
  ],
  ["signed with nothing", ({ value }) => cookie(signedWith(value, ""))],
  ["signed with 32 zeros", ({ value }) => cookie(signedWith(value, Buffer.alloc(32)))],
  ["signed with the token", ({ value, token }) => cookie(signedWith(value, token))],
  ["signed with the key's name", ({ value }) => cookie(signedWith(value, `${value.split(".")[4]}`))],
  ["signed with the real key, for something else", (loot) => cookie(signedWith(loot.value, realKey(loot)))],
  [
    "signed with the real key, for another database",
    (loot) => cookie(signedWith(loot.value, realKey(loot), `lull bypass\nffffffff\n${hashOfToken(loot.token)}\n`)),
  ],
  [
    "signed with the real key, without the token",
    (loot) => cookie(signedWith(loot.value, realKey(loot), `lull bypass\n${loot.secrets.databaseId}\n`)),
  ],
  ["signed with the key's text", (loot) => cookie(signedWith(loot.value, loot.secrets.secret, realBeginning(loot)))],
  [
    "really signed, for a bypass that there is not",
    (loot) =>
      cookie(
        signedWith(
          withField(loot.value, 1, () => "999"),
          realKey(loot),
          realBeginning(loot),
        ),
      ),
  ],
  [
    "really signed, for a site that its bypass is not for",
    (loot) =>
      cookie(
        signedWith(
          withField(loot.otherValue, 2, () => "2"),
          realKey(loot),
          realBeginning(loot, loot.otherToken),
        ),
      ),
  ],
  [
    "really signed, and over",
    (loot) =>
      cookie(
        signedWith(
          withField(loot.value, 3, () => "1000"),
          realKey(loot),
          realBeginning(loot),
        ),
      ),
  ],
  ["a revoked one", ({ revokedValue }) => cookie(revokedValue)],
  ["an expired one", ({ expiredValue }) => cookie(expiredValue)],
  [
    "an expired one with a later end",
    ({ expiredValue, value }) => cookie(withField(expiredValue, 3, () => `${value.split(".")[3]}`)),
  ],
  [
    "forged, eight times",
    ({ value }) => ({ headers: Array(8).fill(`Cookie: __Host-lull-bypass=${value.slice(0, -3)}AAA`) }),
  ],
  ["8 KB", () => cookie("v".repeat(8_000))],
  ["8 KB that begin well", ({ value }) => cookie(`${value}${"x".repeat(7_900)}`)],
  ["8 KB of dots", () => cookie(".".repeat(8_000))],
  ["32 KB in four lines", () => ({ headers: Array(4).fill(`Cookie: __Host-lull-bypass=${"1.".repeat(3_900)}`) })],
  [
    "100 forged ones",
    ({ value }) => {
      const forged = `__Host-lull-bypass=${unsigned(value)}.${"A".repeat(43)}`;
      const line = `Cookie: ${Array(50).fill(forged).join("; ")}`;
      return { headers: [line, line] };
    },
  ],
  ["small letters", ({ value }) => cookie(value, "__host-lull-bypass")],
  ["capitals", ({ value }) => cookie(value, "__HOST-LULL-BYPASS")],
  ["the plain name, for one that needs https", ({ value }) => cookie(value, "lull-bypass")],
  ["a longer name", ({ value }) => cookie(value, "__Host-lull-bypass2")],
  ["a name that ends like it", ({ value }) => cookie(value, "x__Host-lull-bypass")],
  ["a name that is another's value", ({ value }) => cookie(`__Host-lull-bypass=${value}`, "a")],
  ["an escaped name", ({ value }) => cookie(value, "__Host%2Dlull%2Dbypass")],
  ["underscores", ({ value }) => cookie(value, "__Host_lull_bypass")],
  ["a space before the =", ({ value }) => cookie(value, "__Host-lull-bypass ")],
  ["no =", ({ value }) => ({ headers: [`Cookie: __Host-lull-bypass:${value}`] })],
  ["quoted", ({ value }) => cookie(`"${value}"`)],
  ["a space in the middle", ({ value }) => cookie(value.replace(".", " ."))],
  ["a comma behind it", ({ value }) => cookie(`${value},`)],
  ["escaped dots", ({ value }) => cookie(value.replaceAll(".", "%2e"))],
  ["a control byte beside it, which no browser sends", ({ value }) => cookie(`${value}; a=\x01`)],
  ["the token", ({ token }) => cookie(token)],
  ["the token, under the plain name", ({ token }) => cookie(token, "lull-bypass")],
  ["a plain one, tampered with", ({ plainValue }) => cookie(withField(plainValue, 5, swapCase), "lull-bypass")],
  ["what two browsers ago was a cookie", ({ value }) => ({ headers: [`Cookie2: __Host-lull-bypass=${value}`] })],
  ["as an answer has it", ({ value }) => ({ headers: [`Set-Cookie: __Host-lull-bypass=${value}`] })],
  ["in the query", ({ value }) => ({ target: `/?__Host-lull-bypass=${value}` })],
];

export const TOKENS: readonly Attack[] = [
  ["an empty one", () => header("")],
  ["a word", () => header("1")],
  ["the cookie", ({ value }) => header(value)],
  ["the cookie with its name", ({ value }) => header(`__Host-lull-bypass=${value}`)],
  ["one character less", ({ token }) => header(token.slice(0, -1))],
  ["one character more", ({ token }) => header(`${token}A`)],
  ["other capitals", ({ token }) => header(swapCase(token))],
  ["quoted", ({ token }) => header(`"${token}"`)],
  ["with a word before it", ({ token }) => header(`Bearer ${token}`)],
  ["behind another", ({ token }) => ({ headers: ["X-Lull-Bypass: 1", `X-Lull-Bypass: ${token}`] })],
  ["its hash", ({ token }) => header(new Bun.CryptoHasher("sha256").update(token).digest("base64url"))],
  ["another site's", ({ otherToken }) => header(otherToken)],
  ["one for a single use, whose link was used", ({ usedToken }) => header(usedToken)],
  ["a revoked one", ({ revokedToken }) => header(revokedToken)],
  ["an expired one", ({ expiredToken }) => header(expiredToken)],
  ["8 KB", () => header("a".repeat(8_000))],
  ["a pattern", () => header(`${".".repeat(43)}`)],
  ["with an underscore", ({ token }) => ({ headers: [`X_Lull_Bypass: ${token}`] })],
  ["under another name", ({ token }) => ({ headers: [`Lull-Bypass: ${token}`, `X-Bypass: ${token}`] })],
  ["as Authorization", ({ token }) => ({ headers: [`Authorization: Bearer ${token}`] })],
  ["as a password", ({ token }) => ({ headers: [`Authorization: Basic ${btoa(`lull:${token}`)}`] })],
  ["in the query", ({ token }) => ({ target: `/?X-Lull-Bypass=${token}&bypass=${token}&token=${token}` })],
  ["in the path", ({ token }) => ({ target: `/${token}` })],
  ["in the fragment", ({ token }) => ({ target: `/#/.lull/bypass/${token}` })],
  ["in the referrer", ({ token }) => ({ headers: [`Referer: https://one.test/.lull/bypass/${token}`] })],
  ["what nginx is told", () => ({ headers: ["X-Lull: bypass", "X-Lull: open"] })],
];

/** With a cookie that holds for two.test. */
export const PLACES: readonly Attack[] = [
  ["X-Forwarded-Host", () => ({ headers: ["X-Forwarded-Host: two.test"] })],
  ["doubled", () => ({ headers: ["X-Forwarded-Host: two.test", "X-Forwarded-Host: two.test"] })],
  ["underscores", () => ({ headers: ["X_Forwarded_Host: two.test"] })],
  ["Forwarded", () => ({ headers: ["Forwarded: host=two.test;proto=https"] })],
  ["a site's number", () => ({ headers: ["X-Lull-Site: 3"], target: "/?site=3" })],
  ["a host that the target wins over", () => ({ host: "two.test", target: "http://one.test/" })],
  ["a port", () => ({ host: "one.test:8080" })],
  ["a dot behind the host", () => ({ host: "one.test." })],
  ["capitals", () => ({ host: "ONE.test" })],
  ["a host that is nobody's", () => ({ host: "three.test" })],
  ["a longer host", () => ({ host: "two.test.one.test" })],
  ["an address", () => ({ host: "127.0.0.1" })],
];
