import type { Dialect } from "./dialect.ts";
import { envoy } from "./dialects/envoy.ts";
import { forward } from "./dialects/forward.ts";
import { gateNginx } from "./dialects/gate-nginx.ts";
import { ingressNginx } from "./dialects/ingress-nginx.ts";
import { nginx } from "./dialects/nginx.ts";

/** Each check has a path of its own: the visitor's never gets here. */
export const dialects: ReadonlyMap<string, Dialect> = new Map([
  ["/check/nginx", nginx],
  ["/check/forward", forward],
  ["/check/envoy", envoy],
  ["/check/ingress-nginx", ingressNginx],
  ["/gate/nginx", gateNginx],
]);
