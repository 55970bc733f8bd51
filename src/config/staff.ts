import { isAbsolute } from "node:path";
import type { HeaderClaim, HeaderClaims } from "../gate/standing.ts";
import type { ConfigKey } from "./keys.ts";
import { duration, list, type Rule, read, refuse, text, textOrEmpty, truth } from "./rules.ts";

/** A claim of a JSON Web Token with a value that makes its bearer staff. */
export interface TokenClaim {
  /** As it stands in the token, else steps with dots: `realm_access.roles`. */
  readonly name: string;
  readonly value: string;
}

/** How JSON Web Tokens (RFC 7519) are verified, and what they say. */
export interface TokenSettings {
  /** An https URL or an absolute file that holds a JWK Set (RFC 7517); empty: `secretFile` is meant. */
  readonly keys: string;
  /** Absolute file of a shared secret. */
  readonly secretFile: string;
  /** Empty: any. */
  readonly issuer: string;
  /** Empty: any. */
  readonly audience: string;
  /** Of RFC 7518 and RFC 8037, never empty; either all for `keys` or all for `secretFile`. */
  readonly algorithms: readonly string[];
  /** Name of the cookie that holds a token; empty: only `Authorization: Bearer` does. */
  readonly cookie: string;
  readonly clockSkewMs: number;
  /** null: no claim makes anybody that; one of the two is there. */
  readonly staff: TokenClaim | null;
  readonly superuser: TokenClaim | null;
}

/** What the application is asked with a visitor's cookie. One of the two URLs is there. */
export interface ProbeSettings {
  /** Answers 200 to staff alone; empty: not asked. */
  readonly staffUrl: string;
  /** Answers 200 to superusers alone; empty: not asked. */
  readonly superuserUrl: string;
  /** Sent with every probe: names and values. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** How staff is known, and whether it gets in. */
export interface StaffConfig {
  readonly blockStaff: boolean;
  readonly claims: HeaderClaims;
  readonly tokens: TokenSettings | null;
  readonly probe: ProbeSettings | null;
}

/** Reads one key; `fallback` when nobody gave it, or what was given does not hold. */
export type Take = <Value>(key: ConfigKey, rule: Rule<Value>, fallback: Value) => Value;

const SECOND_MS = 1_000;
const LONGEST_SKEW_MS = 300 * SECOND_MS;
const KEY_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const SECRET_ALGORITHMS = ["HS256", "HS384", "HS512"];

/** Everything about staff. What does not go together is a fault only where each part holds by itself. */
export function takeStaff(take: Take, faults: string[]): StaffConfig {
  return {
    blockStaff: take("block_staff", truth, false),
    claims: { staff: take("staff_claim", headerClaim, null), superuser: take("superuser_claim", headerClaim, null) },
    tokens: takeTokens(take, faults),
    probe: takeProbe(take, faults),
  };
}

function takeTokens(take: Take, faults: string[]): TokenSettings | null {
  const known = faults.length;
  const keys = take("jwt_keys", keySource, "");
  const settings = {
    keys,
    secretFile: take("jwt_secret_file", textOrEmpty("an absolute file", isAbsolute), ""),
    issuer: take("jwt_issuer", textOrEmpty("the text that tokens have as iss", isShort), ""),
    audience: take("jwt_audience", textOrEmpty("the text that tokens have as aud", isShort), ""),
    algorithms: take("jwt_algorithms", algorithmNames, keys === "" ? ["HS256"] : ["RS256", "ES256", "EdDSA"]),
    cookie: take("jwt_cookie", textOrEmpty("the name of a cookie", isToken), ""),
    clockSkewMs: take("jwt_clock_skew", skew, 30 * SECOND_MS),
    staff: take("jwt_staff", tokenClaim, null),
    superuser: take("jwt_superuser", tokenClaim, null),
  };
  if (faults.length === known) faults.push(...misfitsOf(settings));
  return keys === "" && settings.secretFile === "" ? null : settings;
}

function misfitsOf({ keys, secretFile, issuer, audience, algorithms, staff, superuser }: TokenSettings): string[] {
  const misfits: string[] = [];
  const isNamed = staff !== null || superuser !== null;
  if (keys === "" && secretFile === "") {
    return isNamed ? ["jwt_staff, jwt_superuser: nothing verifies a token; set jwt_keys or jwt_secret_file"] : [];
  }
  if (keys !== "" && secretFile !== "") misfits.push("jwt_keys, jwt_secret_file: set one of the two");
  if (!isNamed) misfits.push("jwt_keys, jwt_secret_file: no token makes anybody staff; set jwt_staff or jwt_superuser");
  // What verifies signatures is public: nobody may sign with it as if it were a secret.
  const [fitting, source] = keys === "" ? [SECRET_ALGORITHMS, "jwt_secret_file"] : [KEY_ALGORITHMS, "jwt_keys"];
  const misfit = algorithms.find((name) => !fitting.includes(name));
  if (misfit !== undefined) misfits.push(`jwt_algorithms: ${JSON.stringify(misfit)} does not go with ${source}`);
  if (isUrl(keys) && (issuer === "" || audience === ""))
    misfits.push("jwt_keys: keys from a URL sign for others too; set jwt_issuer and jwt_audience");
  return misfits;
}

function takeProbe(take: Take, faults: string[]): ProbeSettings | null {
  const known = faults.length;
  const staffUrl = take("staff_probe", probeUrl, "");
  const superuserUrl = take("superuser_probe", probeUrl, "");
  const written = take("staff_probe_headers", probeHeaders, []);
  if (staffUrl === "" && superuserUrl === "") {
    if (written.length > 0 && faults.length === known) faults.push("staff_probe_headers: there is no staff_probe");
    return null;
  }
  return { staffUrl, superuserUrl, headers: written.map((line) => nameAndValue(line)) };
}

function isShort(value: string): boolean {
  return value.length <= 2_000;
}

/** A token of RFC 9110, as names of headers and cookies are. */
function isToken(value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/.test(value);
}

function isUrl(value: string): boolean {
  return /^https?:/i.test(value);
}

/** On this machine nobody is in between. */
function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function isCleanUrl(url: URL | null): url is URL {
  return url !== null && url.username === "" && url.password === "" && url.hash === "";
}

const KEYS = 'an https URL, such as "https://id.example.com/jwks.json", or an absolute file';
const keySource: Rule<string> = text(KEYS, (value) => {
  if (value === "" || isAbsolute(value)) return read(value);
  const url = isUrl(value) ? URL.parse(value) : null;
  if (!isCleanUrl(url) || (url.protocol !== "https:" && !isLoopback(url))) return refuse(value, KEYS);
  return read(url.href);
});

const PROBE = 'an address of the application, such as "http://127.0.0.1:8000/admin/"';
const probeUrl: Rule<string> = text(PROBE, (value) => {
  if (value === "") return read(value);
  const url = isUrl(value) ? URL.parse(value) : null;
  return isCleanUrl(url) ? read(url.href) : refuse(value, PROBE);
});

const algorithmNames: Rule<readonly string[]> = (given) => {
  const known = [...KEY_ALGORITHMS, ...SECRET_ALGORITHMS];
  const allowed = `one of ${known.join(", ")}`;
  const reading = list("RS256", (name) => (known.includes(name) ? read(name) : refuse(name, allowed)))(given);
  return reading.kind === "read" && reading.value.length === 0 ? refuse([], allowed) : reading;
};

const SKEW = 'a duration of at most 5 minutes, such as "30s"';
const skew: Rule<number> = (given) => {
  if (given.value === 0 || given.value === "0") return read(0);
  const reading = duration(given);
  return reading.kind === "read" && reading.value > LONGEST_SKEW_MS ? refuse(given.value, SKEW) : reading;
};

/** What a visitor's own program sends, or says about a visit: whoever sends it would be staff. */
const VISITORS_OWN =
  /^(?:host|cookie|authorization|user-agent|referer|origin|from|date|via|range|upgrade|connection|content-.*|accept.*|sec-.*|if-.*|forwarded|x-forwarded-.*|x-real-ip|x-lull.*|x-requested-with)$/i;
const HEADER_CLAIM =
  'a header that the application or an authenticating proxy sets, without underscores, and its value, such as "X-Auth-Groups: staff"';
const headerClaim: Rule<HeaderClaim | null> = text(HEADER_CLAIM, (value) => {
  if (value === "") return read(null);
  const [name, wanted] = nameAndValue(value);
  if (VISITORS_OWN.test(name))
    return refuse(
      value,
      `another one than ${name}, which visitors can send, and who does would be staff: ${HEADER_CLAIM}`,
    );
  if (!isToken(name) || name.includes("_") || wanted === "") return refuse(value, HEADER_CLAIM);
  return read({ header: name.toLowerCase(), value: wanted });
});

const TOKEN_CLAIM = 'a claim and its value, such as "groups: staff" or "is_staff: true"';
const tokenClaim: Rule<TokenClaim | null> = text(TOKEN_CLAIM, (value) => {
  if (value === "") return read(null);
  const { name = "", wanted = "" } = /^(?<name>\S+):\s+(?<wanted>\S.*)$/.exec(value)?.groups ?? {};
  return name === "" ? refuse(value, TOKEN_CLAIM) : read({ name, value: wanted });
});

const PROBE_HEADER = 'a header and its value, such as "X-Forwarded-Proto: https"';
/** Those of the visitor, and those that say where a request ends. */
const PROBES_OWN = /^(?:host|cookie|connection|content-length|transfer-encoding|expect|upgrade|te|trailer)$/i;
const probeHeaders: Rule<readonly string[]> = list("X-Forwarded-Proto: https", (line) => {
  const [name, value] = nameAndValue(line);
  if (PROBES_OWN.test(name))
    return refuse(line, `another one than ${name}, which lull itself sets for each visitor: ${PROBE_HEADER}`);
  const isFit = isToken(name) && /^[\x20-\x7e]{1,2000}$/.test(value);
  return isFit ? read(line) : refuse(line, PROBE_HEADER);
});

function nameAndValue(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(":");
  return colon < 0 ? [line.trim(), ""] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}
