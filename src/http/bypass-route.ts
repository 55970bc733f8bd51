import type { BypassAnswer } from "../answer/bypass-page.ts";
import { type Bypass, bypassOfToken, insecureCookieName, sealBypass, secureCookieName } from "../gate/bypass.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import type { RedeemOutcome } from "../store/bypasses.ts";
import { methodNotAllowed } from "./method-not-allowed.ts";
import type { Sidecar } from "./sidecar.ts";

/** A look at the link of a bypass, or a click on its button. */
export interface BypassRequest {
  /** The visitor's own: a proxy may ask with another. */
  readonly method: string;
  readonly token: string;
  /** `X-Forwarded-Proto`; null: the proxy does not say. */
  readonly scheme: string | null;
  /** null: there is none yet. */
  readonly snapshot: Snapshot | null;
  /** null: the host is nobody's, or cannot be read. */
  readonly site: Site | null;
}

const statuses = { ask: 200, over: 404, insecure: 400, unavailable: 503 } as const;
const retryAfterSeconds = 60;
/** The address is a key: nobody is told where the visitor comes from, and nobody keeps what it leads to. */
const discreet = { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" } as const;

/**
 * `/.lull/bypass/<token>`. To look uses nothing up, because previews of chats and scanners of mail look too; only the
 * POST of the button redeems, and gives the cookie.
 */
export async function bypassRoute(sidecar: Sidecar, request: BypassRequest): Promise<Response> {
  const { method, token, scheme, snapshot, site } = request;
  const tell = (answer: BypassAnswer) => page(sidecar, answer, site?.name ?? "");
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return methodNotAllowed(["GET", "HEAD", "POST"]);
  if (snapshot === null) return tell({ kind: "unavailable" });
  if (site === null) return tell({ kind: "over" });
  const bypass = bypassOfToken(snapshot.bypasses, token, { siteId: site.id, now: sidecar.now() });
  if (bypass === null || (bypass.isSingleUse && bypass.redeemed !== null)) return tell({ kind: "over" });
  if (method !== "POST") return tell({ kind: "ask", bypass });
  const isSecure = scheme === "https";
  if (!isSecure && !bypass.mayBeInsecure) return tell({ kind: "insecure" });
  // First, so that nothing is used up when there is no key.
  const sealed = sealBypass(snapshot.bypasses, bypass, site.id);
  const outcome = sealed === null ? null : await redeem(sidecar, bypass, site);
  if (sealed === null || outcome === null) return tell({ kind: "unavailable" });
  if (outcome !== "redeemed") return tell({ kind: "over" });
  const cookie = isSecure ? secureCookie(sealed) : insecureCookie(sealed);
  return entry(bypass, `${cookie}; Max-Age=${secondsLeft(bypass, sidecar.now())}`);
}

/** null: it cannot be known whether it was. */
async function redeem(sidecar: Sidecar, { id }: Bypass, site: Site): Promise<RedeemOutcome | null> {
  try {
    return await sidecar.redeem({ id, siteId: site.id });
  } catch (error) {
    if (error instanceof LullError) sidecar.log.warn("bypass-not-redeemed", { bypass: id, fault: error.message });
    else sidecar.log.error("bug", { where: "redeem", error });
    return null;
  }
}

/** RFC 6265bis, 4.1.3.2: with another path, a domain or without Secure browsers do not take it. */
function secureCookie(sealed: string): string {
  return `${secureCookieName}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax`;
}

function insecureCookie(sealed: string): string {
  return `${insecureCookieName}=${sealed}; Path=/; HttpOnly; SameSite=Lax`;
}

/** Rounded up: the cookie's own time says when it is over. */
function secondsLeft({ expires }: Bypass, now: InstantMs): number {
  return Math.max(0, Math.ceil((expires - now) / 1000));
}

function entry({ path }: Bypass, cookie: string): Response {
  // A canonical path holds nothing that would begin a query, a fragment or a host.
  const headers = { ...discreet, Location: encodeURI(path.toWellFormed()), "Set-Cookie": cookie };
  return new Response(null, { status: 303, headers });
}

function page({ settings }: Sidecar, answer: BypassAnswer, siteName: string): Response {
  const { contentSecurityPolicy, render } = settings.bypassPage;
  const headers = {
    ...discreet,
    "Content-Type": "text/html; charset=utf-8",
    "Content-Language": "en",
    "Content-Security-Policy": contentSecurityPolicy,
    "X-Content-Type-Options": "nosniff",
    ...(answer.kind === "unavailable" ? { "Retry-After": String(retryAfterSeconds) } : null),
  };
  return new Response(render(answer, siteName), { status: statuses[answer.kind], headers });
}
