import { type BypassAnswer, bypassWords } from "../answer/bypass-words.ts";
import { type Bypass, bypassOfToken, insecureCookieName, sealBypass } from "../gate/bypass.ts";
import { LullError } from "../gate/error.ts";
import type { Site } from "../gate/site.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import type { RedeemOutcome } from "../store/bypasses.ts";
import { entry, entryPage, maxAge, secureCookie } from "./entry-response.ts";
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
  /** Aborted when the visitor has gone. */
  readonly signal: AbortSignal;
}

const statuses = { ask: 200, over: 404, insecure: 400, unavailable: 503 } as const;
const retryAfterSeconds = 60;

/**
 * `/.lull/bypass/<token>`. To look uses nothing up, because previews of chats and scanners of mail look too; only the
 * POST of the button redeems, and gives the cookie.
 */
export async function bypassRoute(sidecar: Sidecar, request: BypassRequest): Promise<Response> {
  const { method, token, scheme, snapshot, site, signal } = request;
  const tell = (answer: BypassAnswer) => page(sidecar, answer, site?.name ?? "");
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return methodNotAllowed(["GET", "HEAD", "POST"]);
  if (snapshot === null) return tell({ kind: "unavailable" });
  if (site === null) return tell({ kind: "over" });
  const bypass = bypassOfToken(snapshot.bypasses, token, { siteId: site.id, host: null, now: sidecar.now() });
  if (bypass === null || (bypass.isSingleUse && bypass.redeemed !== null)) return tell({ kind: "over" });
  if (method !== "POST") return tell({ kind: "ask", bypass });
  const isSecure = scheme === "https";
  if (!isSecure && !bypass.mayBeInsecure) return tell({ kind: "insecure" });
  // Whoever has waited for a hung sidecar and has left must not use the link up. That it has is heard of a turn later.
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) return tell({ kind: "unavailable" });
  // First, so that nothing is used up when there is no key.
  const sealed = sealBypass(snapshot.bypasses, bypass, { siteId: site.id, host: null, expires: bypass.expires });
  const outcome = sealed === null ? null : await redeem(sidecar, bypass, site);
  if (sealed === null || outcome === null) return tell({ kind: "unavailable" });
  if (outcome !== "redeemed") return tell({ kind: "over" });
  const age = maxAge(bypass.expires, sidecar.now());
  return entry(bypass.path, isSecure ? secureCookie(sealed, age) : insecureCookie(sealed, age));
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

function insecureCookie(sealed: string, age: string): string {
  return `${insecureCookieName}=${sealed}; Path=/; HttpOnly; SameSite=Lax; ${age}`;
}

function page(sidecar: Sidecar, answer: BypassAnswer, siteName: string): Response {
  return entryPage(sidecar, bypassWords(answer, sidecar.settings.writeTime), {
    status: statuses[answer.kind],
    retryAfterSeconds: answer.kind === "unavailable" ? retryAfterSeconds : null,
    siteName,
  });
}
