import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { cookieValues } from "./cookie-values.ts";
import type { InstantMs } from "./period.ts";
import type { Standing } from "./standing.ts";

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
  /** Given in exchange to whom the application holds for one; null: made by a person, for whoever has its link. */
  readonly standing: Standing | null;
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
  /** Of the cookies that can let anybody in, in the order in which they count. */
  readonly cookieNames: readonly string[];
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
  /** The whole header `Authorization`; null: none came. */
  readonly authorization: string | null;
  /** What the headers of `staff_claim` and `superuser_claim` say; counts only if a trusted peer has sent it. */
  readonly claimed: Standing | null;
}

/** Of a visit that shows nothing. */
export const noCredentials: Credentials = { cookie: null, token: null, authorization: null, claimed: null };

/** RFC 6265bis, 4.1.3.2: browsers take this name over https alone, for one host and all its paths. */
export const secureCookieName = "__Host-lull-bypass";
/** For sites that are known to be plain http. */
export const insecureCookieName = "lull-bypass";

/** 32 bytes, base64url. */
const tokenForm = /^[\w-]{43}$/;
const cookieForm = /^v1\.(\d{1,15})\.(\d{1,15})\.(\d{1,16})\.(\d{1,15})\.([\w-]{43})$/;
const longestValue = 128;

export function compileBypasses(
  databaseId: string,
  bypasses: readonly Bypass[],
  keys: readonly BypassKey[],
): BypassBook {
  return {
    databaseId,
    byId: new Map(bypasses.map((bypass) => [bypass.id, bypass])),
    byTokenHash: new Map(bypasses.map((bypass) => [bypass.tokenHash, bypass])),
    cookieNames: bypasses.some(({ mayBeInsecure }) => mayBeInsecure)
      ? [secureCookieName, insecureCookieName]
      : [secureCookieName],
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
  /** Canonical; null: it cannot be read. */
  readonly host: string | null;
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
  const claim = cookie === null ? null : firstClaim(book, cookie, use);
  return claim === null || !isSigned(book, claim, use.host) ? null : claim.bypass;
}

/** What a cookie says of itself, all of which could be so. */
interface CookieClaim {
  readonly bypass: Bypass;
  readonly key: Uint8Array;
  readonly content: string;
  readonly mac: string;
}

/** The first cookie that could be one. Its signature decides, and is the only one that a visit makes anybody compute. */
function firstClaim(book: BypassBook, cookie: string, use: BypassUse): CookieClaim | null {
  for (const name of book.cookieNames) {
    for (const value of cookieValues(cookie, name, longestValue)) {
      const claim = claimOf(book, value, use);
      if (claim !== null && (name === secureCookieName || claim.bypass.mayBeInsecure)) return claim;
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

/** What a cookie is good for: one site, until then at the most; of staff also one host, whose application knows them. */
export interface BypassSeal {
  readonly siteId: number;
  /** Canonical. */
  readonly host: string | null;
  readonly expires: InstantMs;
}

/** The value of the cookie that lets in; null: there is no key to sign it with. */
export function sealBypass(book: BypassBook, bypass: Bypass, { siteId, host, expires }: BypassSeal): string | null {
  const { newest } = book;
  const key = newest === null ? undefined : book.keys.get(newest.id);
  if (newest === null || key === undefined) return null;
  const content = `v1.${bypass.id}.${siteId}.${expires}.${newest.id}`;
  return `${content}.${signature(content, { databaseId: book.databaseId, bypass, key, host })}`;
}

function claimOf(book: BypassBook, value: string, use: BypassUse): CookieClaim | null {
  const [, id = "", siteId = "", expires = "", keyId = "", mac = ""] = cookieForm.exec(value) ?? [];
  const bypass = book.byId.get(Number(id));
  const key = book.keys.get(Number(keyId));
  if (bypass === undefined || key === undefined) return null;
  if (bypass.standing !== null && use.host === null) return null;
  if (Number(siteId) !== use.siteId || Number(expires) <= use.now || !holds(bypass, use)) return null;
  return { bypass, key, content: value.slice(0, -mac.length - 1), mac };
}

function isSigned({ databaseId }: BypassBook, claim: CookieClaim, host: string | null): boolean {
  const { bypass, key, content, mac } = claim;
  // As texts: of the last character two bits say nothing, and one spelling alone is right.
  const given = Buffer.from(mac);
  const expected = Buffer.from(signature(content, { databaseId, bypass, key, host }));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function holds(bypass: Bypass, { siteId, now }: BypassUse): boolean {
  return bypass.expires > now && (bypass.siteId === null || bypass.siteId === siteId);
}

interface Signing {
  readonly databaseId: string;
  readonly bypass: Bypass;
  readonly key: Uint8Array;
  readonly host: string | null;
}

/**
 * Over what the cookie says, after words that nothing else begins with that a key signs, and over the token too: copies
 * of a database give the same numbers to other bypasses. Who is staff of one host may be a stranger on the next one, even
 * of the same site: of staff the host is signed as well.
 */
function signature(content: string, { databaseId, bypass, key, host }: Signing): string {
  const place = bypass.standing === null ? "" : `${host}\n`;
  const signed = `lull bypass\n${databaseId}\n${bypass.tokenHash}\n${place}${content}`;
  return createHmac("sha256", key).update(signed).digest("base64url");
}
