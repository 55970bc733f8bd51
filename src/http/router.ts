import { Elysia } from "elysia";
import type { Arrival } from "./arrival.ts";
import { healthzRoute, readyzRoute } from "./health-routes.ts";
import { errorCodeHeader, ingressNginxPage } from "./ingress-nginx-page.ts";
import { methodNotAllowed } from "./method-not-allowed.ts";
import { metricsText } from "./metrics-text.ts";
import { noSnapshot, notFound, plainText } from "./plain-text.ts";
import { publicRoute } from "./public-route.ts";
import type { Sidecar } from "./sidecar.ts";
import { siteCheck } from "./site-check.ts";
import { siteUp } from "./site-up.ts";
import { siteNamed, statusRoute } from "./status-route.ts";
import { upcomingStatusRoute } from "./upcoming-status-route.ts";

export type Router = (arrival: Arrival) => Promise<Response>;

/** Bodies are nobody's business here: `parse` must stay off, or a check would wait for one. */
const bodyless = { parse: "none" } as const;

/** Asked by proxies that keep the answer: no header of a visitor's may make an error of it. */
const siteCheckPath = "/check/site";

/** Everything but checks of visits and answers, which many ask for. Never throws and never says more than one line about a failure. */
export function createRouter(sidecar: Sidecar): Router {
  // Elysia hands its handlers the request; who is connected is known to the listener alone.
  const arrivals = new WeakMap<Request, Arrival>();
  const reads = (handle: (arrival: Arrival) => Response) => answers((arrival) => readOnly(arrival, handle));
  function answers(handle: (arrival: Arrival) => Response | Promise<Response>) {
    return async ({ request }: { readonly request: Request }) => {
      const arrival = arrivals.get(request);
      return arrival === undefined ? notFound() : handle(arrival);
    };
  }

  // A host of three letters or fewer is a host too.
  const app = new Elysia({ handler: { standardHostname: false } })
    .onError(({ error, code, request }) => {
      if (code === "NOT_FOUND") return notFound();
      sidecar.log.error("bug", { where: arrivals.get(request)?.path, error });
      return plainText(500, "internal error");
    })
    .all(
      siteCheckPath,
      answers((arrival) => siteCheck(sidecar, arrival)),
      bodyless,
    )
    .all(
      "/public",
      answers((arrival) => publicRoute(sidecar, arrival)),
      bodyless,
    )
    .all(
      "/healthz",
      reads(() => healthzRoute(sidecar)),
      bodyless,
    )
    .all(
      "/readyz",
      reads(() => readyzRoute(sidecar)),
      bodyless,
    )
    .all(
      "/metrics",
      reads(() => new Response(metricsText(sidecar), { headers: metricsHeaders })),
      bodyless,
    )
    .all(
      "/status",
      reads((arrival) => statusRoute(sidecar, arrival, null)),
      bodyless,
    )
    .all(
      "/status/upcoming",
      reads((arrival) => upcomingStatusRoute(sidecar, arrival)),
      bodyless,
    )
    .all(
      "/status/:site",
      reads((arrival) => statusRoute(sidecar, arrival, siteIn(arrival))),
      bodyless,
    )
    .all(
      "/status/:site/up",
      reads((arrival) => namedSiteUp(sidecar, siteIn(arrival))),
      bodyless,
    );

  return async (arrival) => {
    const { request } = arrival;
    // Whatever else its path: of a service without endpoints it is the visitor's own, which must not choose anything here.
    if (arrival.path !== siteCheckPath && request.headers.has(errorCodeHeader))
      return ingressNginxPage(sidecar, arrival);
    // Elysia needs an absolute URL; a health check without Host has a relative one.
    const routed = arrival.isHostless ? new Request(`http://localhost${request.url}`, request) : request;
    arrivals.set(routed, arrival);
    return app.fetch(routed);
  };
}

const metricsHeaders = { "Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store" };

function readOnly(arrival: Arrival, handle: (arrival: Arrival) => Response): Response {
  const { method } = arrival.request;
  if (method === "GET" || method === "HEAD") return handle(arrival);
  return methodNotAllowed();
}

/** The site in `/status/<site>`, decoded; "" when it cannot be. */
function siteIn(arrival: Arrival): string {
  try {
    return decodeURIComponent(arrival.path.split("/")[2] ?? "");
  } catch {
    return "";
  }
}

function namedSiteUp(sidecar: Sidecar, name: string): Response {
  const { snapshot } = sidecar.serving;
  if (snapshot === null) return noSnapshot();
  const siteId = siteNamed(snapshot, name);
  return siteId === null ? notFound() : siteUp(sidecar, siteId);
}
