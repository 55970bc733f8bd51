import type { Credentials } from "../gate/bypass.ts";
import { claimedStanding, type HeaderClaims } from "../gate/standing.ts";

/** Makes nobody anything: where a proxy hands on what visitors say under these names, too. */
export const noClaims: HeaderClaims = { staff: null, superuser: null };

/** What a visit shows for itself, under the same names in every dialect. Looked up when a site is closed, and not before. */
export function visitorCredentials(headers: Headers, claims: HeaderClaims): Credentials {
  return {
    get cookie() {
      return headers.get("cookie");
    },
    get token() {
      return headers.get("x-lull-bypass");
    },
    get authorization() {
      return headers.get("authorization");
    },
    get claimed() {
      return claimedStanding(claims, (name) => headers.get(name));
    },
  };
}
