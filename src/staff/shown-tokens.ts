import type { Credentials } from "../gate/bypass.ts";
import { cookieValues } from "../gate/cookie-values.ts";

/** Longer ones are read as if they were not there. */
const longestToken = 8_192;
/** RFC 6750, 2.1; the scheme in any case (RFC 9110, 11.1). Two headers come joined by a comma, and show nothing. */
const bearer = /^bearer {1,8}([\w.-]+)$/i;
const longestHeader = "Bearer".length + 8 + longestToken;
/** RFC 7515, 3.1: three parts of base64url, none of them empty. */
const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * What a visit shows that has the form of a signed token: of `Authorization: Bearer`, then of the cookie, the first few.
 * `cookie`: the name of one; empty: none is looked at.
 */
export function shownTokens({ authorization, cookie: header }: Credentials, cookie: string): readonly string[] {
  const tokens: string[] = [];
  const borne = authorization === null || authorization.length > longestHeader ? null : bearer.exec(authorization);
  if (borne?.[1] !== undefined && isToken(borne[1])) tokens.push(borne[1]);
  if (header === null || cookie === "") return tokens;
  for (const value of cookieValues(header, cookie, longestToken)) {
    if (isToken(value) && !tokens.includes(value)) tokens.push(value);
  }
  return tokens;
}

/** Whether a text has the form of a signed token, and is no longer than one may be. */
export function isToken(text: string): boolean {
  return text.length <= longestToken && compactForm.test(text);
}
