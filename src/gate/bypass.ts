import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { InstantMs } from "./period.ts";

/** A signed, expiring, revocable permission for a person to enter while a site is closed. A revoked one is not there. */
export interface Bypass {
  readonly id: number;
  /** null: all sites. */
  readonly siteId: number | null;
  readonly label: string;
  readonly expires: InstantMs;
  /** Where who has redeemed it begins: a canonical path. */
  readonly path: string;
  /** Good for one redemption. Its cookie lives on; its token is nothing by itself. */
  readonly isSingleUse: boolean;
  /** Whether its cookie may be set over plain http, where it cannot be a `__Host-` one. */
  readonly mayBeInsecure: boolean;
  /** `hashOfToken` of the token in its link. */
  readonly tokenHash: string;
  /** When it was first redeemed; null: not yet. */
  readonly redeemed: InstantMs | null;
}

/** With what cookies are signed. */
export interface BypassKey {
  readonly id: number;
  /** 32 random bytes, base64url. */
  readonly secret: string;
}

/** The bypasses and keys of a snapshot, ready to be asked. */
export interface BypassBook {
  /** Of the database: a cookie of another one is none. */
  readonly databaseId: string;
  readonly byId: ReadonlyMap<number, Bypass>;
  readonly byTokenHash: ReadonlyMap<string, Bypass>;
  readonly keys: ReadonlyMap<number, Uint8Array>;
  /** The key that signs; null: there is none yet. */
  readonly newest: BypassKey | null;
}

/** What a visit shows for itself; read when it matters, and not before. */
export interface Credentials {
  /** The whole header `Cookie`; null: none came. */
  readonly cookie: string | null;
  /** `X-Lull-Bypass`: the token of a bypass, for scripts. */
  readonly token: string | null;
}

/** RFC 6265bis, 4.1.3.2: browsers take this name over https alone, for one host and all its paths. */
export const secureCookieName = "__Host-lull-bypass";
/** For sites that are known to be plain http. */
export const insecureCookieName = "lull-bypass";

/** 32 bytes, base64url. */
const tokenForm = /^[\w-]{43}$/;
const cookieForm = /^v1\.(\d{1,15})\.(\d{1,15})\.(\d{1,16})\.(\d{1,15})\.([\w-]{43})$/;
const longestValue = 128;
/** Of white space before a cookie; browsers send one space. */
const longestGap = 8;
/** Of one name. Browsers send one; whoever sends more gets no more work done. */
const mostCookies = 2;

export function compileBypasses(
  databaseId: string,
  bypasses: readonly Bypass[],
  keys: readonly BypassKey[],
): BypassBook {
  return {
    databaseId,
    byId: new Map(bypasses.map((bypass) => [bypass.id, bypass])),
    byTokenHash: new Map(bypasses.map((bypass) => [bypass.tokenHash, bypass])),
    keys: new Map(keys.map(({ id, secret }) => [id, Buffer.from(secret, "base64url")])),
    newest: keys.reduce<BypassKey | null>((last, key) => (last === null || key.id > last.id ? key : last), null),
  };
}

/** As it is stored: SHA-256, base64url. A token has 256 random bits, so nobody finds one by trying. */
export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/** Where and when a bypass is used. */
export interface BypassUse {
  readonly siteId: number;
  readonly now: InstantMs;
}

/** The bypass that lets a visit of this site in; null: none. Pure; its time does not depend on how near a forgery comes. */
export function bypassOf(book: BypassBook, credentials: Credentials, use: BypassUse): Bypass | null {
  if (book.byId.size === 0) return null;
  const { cookie, token } = credentials;
  if (token !== null) {
    const bypass = bypassOfToken(book, token, use);
    if (bypass !== null && !bypass.isSingleUse) return bypass;
  }
  if (cookie === null) return null;
  for (const name of [secureCookieName, insecureCookieName]) {
    for (const value of cookieValues(cookie, name)) {
      const bypass = bypassOfCookie(book, value, use);
      if (bypass !== null && (name === secureCookieName || bypass.mayBeInsecure)) return bypass;
    }
  }
  return null;
}

/** The bypass whose link has this token, if it holds for the site; also one that was redeemed. */
export function bypassOfToken(book: BypassBook, token: string, use: BypassUse): Bypass | null {
  if (!tokenForm.test(token)) return null;
  const bypass = book.byTokenHash.get(hashOfToken(token));
  return bypass !== undefined && holds(bypass, use) ? bypass : null;
}

/** The value of the cookie that lets in; null: there is no key to sign it with. */
export function sealBypass(book: BypassBook, bypass: Bypass, siteId: number): string | null {
  const { newest } = book;
  const key = newest === null ? undefined : book.keys.get(newest.id);
  if (newest === null || key === undefined) return null;
  const content = `v1.${bypass.id}.${siteId}.${bypass.expires}.${newest.id}`;
  return `${content}.${signature(content, { databaseId: book.databaseId, bypass, key })}`;
}

function bypassOfCookie(book: BypassBook, value: string, use: BypassUse): Bypass | null {
  const [, id = "", siteId = "", expires = "", keyId = "", mac = ""] = cookieForm.exec(value) ?? [];
  const bypass = book.byId.get(Number(id));
  const key = book.keys.get(Number(keyId));
  if (bypass === undefined || key === undefined) return null;
  if (Number(siteId) !== use.siteId || Number(expires) <= use.now || !holds(bypass, use)) return null;
  const content = value.slice(0, -mac.length - 1);
  // As texts: of the last character two bits say nothing, and one spelling alone is right.
  const given = Buffer.from(mac);
  const expected = Buffer.from(signature(content, { databaseId: book.databaseId, bypass, key }));
  return given.length === expected.length && timingSafeEqual(given, expected) ? bypass : null;
}

function holds(bypass: Bypass, { siteId, now }: BypassUse): boolean {
  return bypass.expires > now && (bypass.siteId === null || bypass.siteId === siteId);
}

interface Signing {
  readonly databaseId: string;
  readonly bypass: Bypass;
  readonly key: Uint8Array;
}

/**
 * Over what the cookie says, after words that nothing else begins with that a key signs, and over the token too: copies
 * of a database give the same numbers to other bypasses.
 */
function signature(content: string, { databaseId, bypass, key }: Signing): string {
  const signed = `lull bypass\n${databaseId}\n${bypass.tokenHash}\n${content}`;
  return createHmac("sha256", key).update(signed).digest("base64url");
}

/** The values of a cookie by its exact name (RFC 6265, 5.4), the first few, without those that are none of ours. */
function cookieValues(header: string, name: string): readonly string[] {
  const values: string[] = [];
  const start = `${name}=`;
  for (let at = header.indexOf(start); at !== -1 && values.length < mostCookies; at = header.indexOf(start, at + 1)) {
    if (!beginsCookie(header, at)) continue;
    const end = header.indexOf(";", at);
    const value = header.slice(at + start.length, end === -1 ? undefined : end).trim();
    if (value.length <= longestValue) values.push(value);
  }
  return values;
}

/** Whether nothing but white space stands between this place and the semicolon before it. */
function beginsCookie(header: string, at: number): boolean {
  for (let place = at - 1; place >= at - longestGap; place--) {
    const character = header.charAt(place);
    if (character === ";" || place < 0) return true;
    if (character !== " " && character !== "\t") return false;
  }
  return false;
}
