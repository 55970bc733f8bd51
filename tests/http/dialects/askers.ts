/** How each proxy asks: the requests that its source, or the configuration that we ship, makes of a visit. */

export interface AskedVisit {
  readonly host: string;
  /** The raw request target. */
  readonly target: string;
  readonly method: string;
  /** The address that the proxy sees. */
  readonly client: string;
  /** What the configuration writes behind `?`; empty: nothing. */
  readonly query: string;
  /** The visitor's own headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the proxy sends by configuration beside that, such as who the visitor is. */
  readonly configured: Readonly<Record<string, string>>;
}

/** What the asked part of a request is made of; null leaves a header out. */
interface Parts {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | null>>;
}

export interface Asker {
  readonly name: string;
  readonly path: string;
  readonly passes: 200 | 204;
  readonly holds: 403 | 503;
  /** Whether the answer of a held visit is the visitor's. */
  readonly isWhole: boolean;
  /** The header in which its proxy says the client's address. */
  readonly addressHeader: string;
  /** Headers that hold what cannot be missing. */
  readonly required: readonly string[];
  readonly parts: (visit: AskedVisit) => Parts;
}

export const plainVisit: AskedVisit = {
  host: "one.example",
  target: "/",
  method: "GET",
  client: "203.0.113.9",
  query: "",
  headers: {},
  configured: {},
};

/** What nginx lets through of a visitor's headers: `proxy_pass_request_headers off`, and these set again. */
const nginxPasses = new Set(["cookie", "x-lull-bypass", "authorization"]);
/** Envoy sends what `allowed_headers` names. */
const envoyPasses = new Set([...nginxPasses, "accept", "accept-language", "content-type", "origin", "upgrade"]);
/** RFC 9110, 7.6.1: taken away by Go's proxies, with what Connection names. */
const hopByHop = ["connection", "keep-alive", "te", "trailers", "transfer-encoding", "upgrade"];

/** The Ingresses of `two`, each of which names its site; nginx has no other for a host that is neither's. */
function ingressOf(host: string): string {
  const [name = ""] = host.toLowerCase().split(":");
  const id = ["one.example", "two.example"].indexOf(name.replace(/\.$/, "")) + 1;
  return id === 0 ? "" : `site=${id}`;
}

const withQuery = (path: string, { query }: AskedVisit) => (query === "" ? path : `${path}?${query}`);

function only(headers: AskedVisit["headers"], names: ReadonlySet<string>): AskedVisit["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.has(name.toLowerCase())));
}

function withoutHops(headers: AskedVisit["headers"]): AskedVisit["headers"] {
  const named = Object.entries(headers).find(([name]) => name.toLowerCase() === "connection")?.[1] ?? "";
  const gone = new Set([...hopByHop, ...named.toLowerCase().split(/\s*,\s*/)]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !gone.has(name.toLowerCase())));
}

function byNginx(path: string): Asker["parts"] {
  return (visit) => ({
    method: "GET",
    path: withQuery(path, visit),
    headers: {
      ...only(visit.headers, nginxPasses),
      Host: visit.host,
      "X-Forwarded-Host": visit.host,
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Method": visit.method,
      "X-Forwarded-Uri": visit.target,
      "X-Forwarded-For": visit.client,
      "X-Real-IP": visit.client,
    },
  });
}

const forwardedHeaders = ["X-Forwarded-Host", "X-Forwarded-Uri", "X-Forwarded-Method"];

export const askers: readonly Asker[] = [
  {
    // templates/proxies/nginx/lull.conf
    name: "nginx",
    path: "/check/nginx",
    passes: 204,
    holds: 403,
    isWhole: false,
    addressHeader: "X-Real-IP",
    required: forwardedHeaders,
    parts: byNginx("/check/nginx"),
  },
  {
    name: "gate/nginx",
    path: "/gate/nginx",
    passes: 200,
    holds: 503,
    isWhole: true,
    addressHeader: "X-Real-IP",
    required: forwardedHeaders,
    parts: byNginx("/gate/nginx"),
  },
  {
    // traefik/traefik, pkg/middlewares/auth/forward.go, writeHeader with trustForwardHeader: false
    name: "Traefik",
    path: "/check/forward",
    passes: 200,
    holds: 503,
    isWhole: true,
    addressHeader: "X-Forwarded-For",
    required: forwardedHeaders,
    parts: (visit) => ({
      method: "GET",
      path: withQuery("/check/forward", visit),
      headers: {
        ...withoutHops(visit.headers),
        Host: "lull:8503",
        "User-Agent": "Go-http-client/1.1",
        "X-Forwarded-For": visit.client,
        "X-Forwarded-Method": visit.method,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": visit.host,
        "X-Forwarded-Port": "443",
        "X-Forwarded-Uri": visit.target,
        "Accept-Encoding": "gzip",
      },
    }),
  },
  {
    // caddyserver/caddy, modules/caddyhttp/reverseproxy: forwardauth/caddyfile.go, and addForwardedHeaders in
    // reverseproxy.go; it sends the visitor's own Host, and Upgrade again
    name: "Caddy",
    path: "/check/forward",
    passes: 200,
    holds: 503,
    isWhole: true,
    addressHeader: "X-Forwarded-For",
    required: forwardedHeaders,
    parts: (visit) => ({
      method: "GET",
      path: withQuery("/check/forward", visit),
      headers: {
        ...withoutHops(visit.headers),
        ...(visit.headers["Upgrade"] === undefined ? {} : { Connection: "Upgrade", Upgrade: visit.headers["Upgrade"] }),
        Host: visit.host,
        "X-Forwarded-For": visit.client,
        "X-Forwarded-Host": visit.host,
        "X-Forwarded-Method": visit.method,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Uri": visit.target,
        "Accept-Encoding": "gzip",
      },
    }),
  },
  {
    // envoyproxy/envoy, source/extensions/filters/common/ext_authz/ext_authz_http_impl.cc, RawHttpClientImpl::check, with
    // x-forwarded-for in allowed_headers and use_remote_address
    name: "Envoy",
    path: "/check/envoy",
    passes: 200,
    holds: 403,
    isWhole: true,
    addressHeader: "X-Forwarded-For",
    required: ["Host"],
    parts: (visit) => ({
      method: visit.method,
      path: `/check/envoy?${visit.query === "" ? "" : `${visit.query}&`}path=${visit.target}`,
      headers: {
        ...only(visit.headers, envoyPasses),
        Host: visit.host,
        "Content-Length": "0",
        "X-Forwarded-For": visit.client,
        "X-Envoy-Internal": "true",
      },
    }),
  },
  {
    // kubernetes/ingress-nginx, rootfs/etc/nginx/template/nginx.tmpl, the location of $authPath: all of the visitor's
    // headers, and these over them; `host` is both the one by which nginx has chosen the Ingress and the visitor's own
    name: "ingress-nginx",
    path: "/check/ingress-nginx",
    passes: 200,
    holds: 403,
    isWhole: false,
    addressHeader: "X-Real-IP",
    required: ["X-Original-URL", "X-Original-Method"],
    parts: (visit) => ({
      method: "GET",
      path: withQuery("/check/ingress-nginx", { ...visit, query: visit.query || ingressOf(visit.host) }),
      headers: {
        ...withoutHops(visit.headers),
        Host: "lull.lull.svc.cluster.local",
        "X-Original-URL": `https://${visit.host}${visit.target}`,
        "X-Original-Method": visit.method,
        "X-Sent-From": "nginx-ingress-controller",
        "X-Real-IP": visit.client,
        "X-Forwarded-For": visit.client,
        "X-Forwarded-Proto": null,
        "X-Auth-Request-Redirect": visit.target,
        "X-Request-ID": "5f1c",
      },
    }),
  },
];

export interface Change extends Partial<AskedVisit> {
  /** Of the request itself, over all else; null leaves a header out. */
  readonly sent?: Readonly<Record<string, string | null>>;
  readonly version?: "1.0" | "1.1";
}

/** What the proxy writes to the sidecar for a visit. A header that it sets replaces the visitor's, in whatever case that is. */
export function ask(asker: Asker, change: Change = {}): string {
  const visit = { ...plainVisit, ...change };
  const { method, path, headers } = asker.parts(visit);
  const lines = new Map<string, string | null>();
  for (const [name, value] of Object.entries({ ...headers, ...visit.configured, ...change.sent })) {
    lines.delete(name.toLowerCase());
    lines.set(name.toLowerCase(), value === null ? null : `${name}: ${value}\r\n`);
  }
  return `${method} ${path} HTTP/${change.version ?? "1.1"}\r\n${[...lines.values()].join("")}\r\n`;
}
