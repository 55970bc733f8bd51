import { decide } from "../gate/decide.ts";
import { siteState } from "../gate/site-state.ts";
import type { Visit } from "../gate/visit.ts";
import { proven } from "./proven.ts";
import type { Settings } from "./sidecar.ts";
import type { AskedSite } from "./upcoming.ts";

const headers = {
  "Content-Type": "application/json;charset=utf-8",
  // Of one visitor, for pages of the site alone.
  "Cache-Control": "private, no-store",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/**
 * `/.lull/visit.json`: whether this visitor's GET passes, and as whom, wherever on the site it goes. What the site has
 * exempted by its path says nothing of the visitor, so it does not count.
 */
export async function visitResponse(settings: Settings, visit: Visit, asked: AskedSite): Promise<Response> {
  const { snapshot, site, now } = asked;
  const { state } = siteState(snapshot, site.id, now);
  // No exemption covers a visit without a path. On a read-only site rules do: without it, the strictest of any path.
  const anywhere: Visit = { ...visit, path: state === "closed" ? null : visit.path, method: "GET" };
  const bare = decide(snapshot, anywhere, now);
  const mayProve = bare.kind === "closed" && settings.staffTokens?.isShown(visit.credentials) === true;
  const { kind, why } = mayProve ? decide(snapshot, await proven(settings, anywhere, now), now) : bare;
  const body = { schemaVersion: 1, site: state, visitor: kind === "open" ? "passes" : "held", why };
  return new Response(JSON.stringify(body), { headers });
}
