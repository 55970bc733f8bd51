import { type Bypass, type BypassKey, compileBypasses, hashOfToken, sealBypass } from "../../src/gate/bypass.ts";
import { start } from "./sidecar-fixture.ts";

export const token = "a".repeat(43);
export const key: BypassKey = { id: 1, secret: Buffer.alloc(32, 7).toString("base64url") };

/** One for site 1 that holds for an hour, and whose link has `token`. */
export function bypass(change: Partial<Bypass> = {}): Bypass {
  return {
    id: 5,
    siteId: 1,
    label: "QA",
    expires: start + 3_600_000,
    path: "/",
    isSingleUse: false,
    mayBeInsecure: false,
    tokenHash: hashOfToken(token),
    redeemed: null,
    standing: null,
    ...change,
  };
}

/** The value of its cookie, as the fixture's sidecar signs it. */
export function sealed(change: Partial<Bypass> = {}, siteId = 1, host: string | null = null): string {
  const made = bypass(change);
  return `${sealBypass(compileBypasses("", [made], [key]), made, { siteId, host, expires: made.expires })}`;
}
