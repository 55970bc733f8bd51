/** What visitors send, and the form that each must get: for the pure function and through real proxies. */

export type ExpectedForm =
  | "html"
  | "text"
  | "json"
  | "xml"
  | "problem-xml"
  | "event-stream"
  | "grpc"
  | "grpc-web"
  | "preflight";

type Headers = Readonly<Record<string, string>>;

export type AnswerVector = readonly [name: string, form: ExpectedForm, method: string, headers: Headers];

/** `reads`: a script of that origin may read the answer. */
export type OriginVector = readonly [...vector: AnswerVector, reads: boolean];

/** Accept of Chromium and of Firefox when they navigate. */
const CHROMIUM =
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";
const FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/** Without the headers of CORS: what a site's origins do not change. */
export const plainVectors: readonly AnswerVector[] = [
  ["Chromium navigates", "html", "GET", { Accept: CHROMIUM }],
  ["Firefox navigates", "html", "GET", { Accept: FIREFOX }],
  ["an old browser navigates", "html", "GET", { Accept: "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2" }],
  ["a browser sends a form", "html", "POST", { Accept: CHROMIUM, "Content-Type": "application/x-www-form-urlencoded" }],
  ["a browser uploads a file", "html", "POST", { Accept: FIREFOX, "Content-Type": "multipart/form-data; boundary=x" }],
  [
    "a browser asks for an image",
    "text",
    "GET",
    { Accept: "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8" },
  ],
  ["a browser asks for a style sheet", "text", "GET", { Accept: "text/css,*/*;q=0.1" }],
  ["a browser asks for a script", "text", "GET", { Accept: "*/*", "Sec-Fetch-Dest": "script" }],
  ["a script fetches", "text", "GET", { Accept: "*/*", "Sec-Fetch-Mode": "cors" }],
  ["XHTML alone", "html", "GET", { Accept: "application/xhtml+xml" }],
  [
    "a crawler",
    "html",
    "GET",
    {
      Accept: "text/html,application/xhtml+xml,application/signed-exchange;v=b3,application/xml;q=0.9,*/*;q=0.8",
      "User-Agent": "Googlebot/2.1",
    },
  ],
  ["nothing is accepted by name", "text", "GET", {}],
  ["curl", "text", "GET", { Accept: "*/*", "User-Agent": "curl/8" }],
  ["curl posts a form", "text", "POST", { Accept: "*/*", "Content-Type": "application/x-www-form-urlencoded" }],
  ["wget --continue", "text", "GET", { Accept: "*/*", "Accept-Encoding": "identity", Range: "bytes=500-" }],
  ["text/plain", "text", "GET", { Accept: "text/plain" }],
  ["any text", "text", "GET", { Accept: "text/*" }],
  ["text before HTML", "text", "GET", { Accept: "text/html;q=0.5, text/plain" }],
  ["an image and nothing else", "text", "GET", { Accept: "image/png" }],
  ["nothing at all", "text", "GET", { Accept: "*/*;q=0" }],
  ["an empty Accept", "text", "GET", { Accept: "" }],
  ["rubbish", "text", "GET", { Accept: ";;;,,,=" }],
  ["a type that ends early", "text", "GET", { Accept: "application/" }],
  ["an Accept of 6 KB", "text", "GET", { Accept: "application/x;q=0.1, ".repeat(300) }],
  [
    "the handshake of a WebSocket",
    "text",
    "GET",
    {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    },
  ],
  [
    "a WebSocket that says that it accepts streams",
    "text",
    "GET",
    { Accept: "text/event-stream", Connection: "Upgrade", Upgrade: "websocket" },
  ],
  ["HTTP/2 is offered", "html", "GET", { Accept: CHROMIUM, Upgrade: "h2c" }],
  ["JSON by name", "json", "GET", { Accept: "application/json" }],
  ["a problem by name", "json", "GET", { Accept: "application/problem+json" }],
  ["axios", "json", "GET", { Accept: "application/json, text/plain, */*" }],
  ["JSON after a wildcard of the same weight", "json", "GET", { Accept: "*/*, application/json" }],
  ["JSON that weighs less than anything else", "text", "GET", { Accept: "application/json;q=0.1, */*" }],
  ["any application", "json", "GET", { Accept: "application/*" }],
  ["JSON with parameters", "json", "GET", { Accept: 'application/json; charset=utf-8; profile="a,b;c"' }],
  ["JSON in capitals", "json", "GET", { Accept: "APPLICATION/JSON" }],
  ["a +json type", "json", "GET", { Accept: "application/vnd.api+json" }],
  ["a +json type with a version", "json", "GET", { Accept: "application/vnd.github.v3+json;version=3" }],
  ["ActivityPub", "json", "GET", { Accept: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"' }],
  [
    "GraphQL",
    "json",
    "POST",
    { Accept: "application/graphql-response+json, application/json;q=0.9", "Content-Type": "application/json" },
  ],
  ["JSON that is preferred to HTML", "json", "GET", { Accept: "text/html;q=0.8, application/json" }],
  ["HTML that is preferred to JSON", "html", "GET", { Accept: "application/json;q=0.8, text/html" }],
  ["HTML before JSON", "html", "GET", { Accept: "text/html, application/json" }],
  ["JSON before HTML", "json", "GET", { Accept: "application/json, text/html" }],
  ["JSON of no weight", "html", "GET", { Accept: "application/json;q=0, text/html;q=0.1" }],
  ["JSON is sent", "json", "POST", { "Content-Type": "application/json" }],
  ["JSON is sent with a charset", "json", "PUT", { Accept: "*/*", "Content-Type": "application/json; charset=utf-8" }],
  ["JSON is sent by a browser", "json", "POST", { Accept: CHROMIUM, "Content-Type": "application/json" }],
  ["a patch is sent", "json", "PATCH", { Accept: "*/*", "Content-Type": "application/merge-patch+json" }],
  ["JSON is sent for a stream", "json", "POST", { Accept: "text/event-stream", "Content-Type": "application/json" }],
  ["text that begins like JSON is sent", "text", "POST", { "Content-Type": "application/jsonp" }],
  ["an XMLHttpRequest", "json", "GET", { Accept: "*/*", "X-Requested-With": "XMLHttpRequest" }],
  ["an XMLHttpRequest without Accept", "json", "DELETE", { "X-Requested-With": "xmlhttprequest" }],
  [
    "an XMLHttpRequest for HTML",
    "html",
    "GET",
    { Accept: "text/html, */*; q=0.01", "X-Requested-With": "XMLHttpRequest" },
  ],
  ["a web view of Android", "html", "GET", { Accept: FIREFOX, "X-Requested-With": "com.example.app" }],
  ["XML", "xml", "GET", { Accept: "application/xml" }],
  ["XML as text", "xml", "GET", { Accept: "text/xml" }],
  ["XML before JSON", "xml", "GET", { Accept: "application/json;q=0.9, application/xml" }],
  ["a problem in XML", "problem-xml", "GET", { Accept: "application/problem+xml" }],
  ["a reader of feeds", "xml", "GET", { Accept: "application/atom+xml,application/rss+xml;q=0.9,*/*;q=0.1" }],
  ["SOAP", "xml", "POST", { Accept: "application/soap+xml", "Content-Type": "application/soap+xml" }],
  ["an EventSource", "event-stream", "GET", { Accept: "text/event-stream" }],
  [
    "an EventSource that comes again",
    "event-stream",
    "GET",
    { Accept: "text/event-stream", "Last-Event-ID": "7", "Cache-Control": "no-cache" },
  ],
  ["a stream before JSON", "event-stream", "GET", { Accept: "text/event-stream, application/json;q=0.5" }],
  ["JSON or a stream", "json", "GET", { Accept: "application/json, text/event-stream" }],
  ["a stream by POST", "text", "POST", { Accept: "text/event-stream", "Content-Type": "text/plain" }],
  ["JSON or a stream by POST", "json", "POST", { Accept: "text/event-stream, application/json" }],
  ["gRPC", "grpc", "POST", { "Content-Type": "application/grpc", TE: "trailers" }],
  ["gRPC with its messages' form", "grpc", "POST", { "Content-Type": "application/grpc+proto" }],
  [
    "gRPC in a browser",
    "grpc-web",
    "POST",
    { Accept: "application/grpc-web-text", "Content-Type": "application/grpc-web-text", "X-Grpc-Web": "1" },
  ],
  ["gRPC that is no POST", "text", "DELETE", { "Content-Type": "application/grpc" }],
  ["what only begins like gRPC", "text", "POST", { "Content-Type": "application/grpcx" }],
  ["PUT", "text", "PUT", {}],
  ["DELETE", "html", "DELETE", { Accept: CHROMIUM }],
  ["OPTIONS", "text", "OPTIONS", {}],
  ["PROPFIND", "xml", "PROPFIND", { Accept: "text/xml, */*" }],
  ["a range", "html", "GET", { Accept: CHROMIUM, Range: "bytes=0-1" }],
  ["a range of what was there before", "html", "GET", { Accept: CHROMIUM, Range: "bytes=5-", "If-Range": '"x"' }],
  ["If-None-Match", "html", "GET", { Accept: CHROMIUM, "If-None-Match": "*" }],
  ["If-Modified-Since", "html", "GET", { Accept: CHROMIUM, "If-Modified-Since": "Wed, 01 Jan 2031 00:00:00 GMT" }],
  ["If-Match", "html", "GET", { Accept: CHROMIUM, "If-Match": '"x"' }],
  ["If-Unmodified-Since", "text", "PUT", { Accept: "*/*", "If-Unmodified-Since": "Wed, 01 Jan 2020 00:00:00 GMT" }],
  ["only what is cached", "html", "GET", { Accept: CHROMIUM, "Cache-Control": "only-if-cached" }],
  ["an Expect", "json", "POST", { Expect: "100-continue", Accept: "application/json" }],
];

export const trustedOrigin = "https://app.example";

const asksToPut = { "Access-Control-Request-Method": "PUT" };

/** On a site whose only origin is `trustedOrigin`. */
export const originVectors: readonly OriginVector[] = [
  ["a preflight", "preflight", "OPTIONS", { Origin: trustedOrigin, ...asksToPut }, true],
  [
    "a preflight with headers",
    "preflight",
    "OPTIONS",
    { Origin: trustedOrigin, ...asksToPut, "Access-Control-Request-Headers": "content-type,x-a" },
    true,
  ],
  [
    "a preflight with headers and spaces",
    "preflight",
    "OPTIONS",
    { Origin: trustedOrigin, ...asksToPut, "Access-Control-Request-Headers": "content-type, x-a" },
    true,
  ],
  ["a preflight of another origin", "text", "OPTIONS", { Origin: "https://evil.example", ...asksToPut }, false],
  [
    "a preflight of an origin that begins like it",
    "text",
    "OPTIONS",
    { Origin: "https://app.example.evil", ...asksToPut },
    false,
  ],
  ["a preflight of another scheme", "text", "OPTIONS", { Origin: "http://app.example", ...asksToPut }, false],
  ["a preflight of another port", "text", "OPTIONS", { Origin: "https://app.example:444", ...asksToPut }, false],
  ["a preflight of null", "text", "OPTIONS", { Origin: "null", ...asksToPut }, false],
  [
    "a preflight for no method",
    "text",
    "OPTIONS",
    { Origin: trustedOrigin, "Access-Control-Request-Method": "P U T" },
    true,
  ],
  [
    "a preflight for no headers",
    "text",
    "OPTIONS",
    { Origin: trustedOrigin, ...asksToPut, "Access-Control-Request-Headers": "a: b" },
    true,
  ],
  ["a preflight that is a GET", "text", "GET", { Origin: trustedOrigin, ...asksToPut }, true],
  ["a fetch from elsewhere", "text", "GET", { Origin: trustedOrigin, Accept: "*/*" }, true],
  [
    "a fetch of JSON from elsewhere",
    "json",
    "POST",
    { Origin: trustedOrigin, "Content-Type": "application/json" },
    true,
  ],
  ["a fetch of another origin", "json", "GET", { Origin: "https://evil.example", Accept: "application/json" }, false],
  [
    "an EventSource from elsewhere",
    "event-stream",
    "GET",
    { Origin: trustedOrigin, Accept: "text/event-stream" },
    true,
  ],
  [
    "gRPC in a browser from elsewhere",
    "grpc-web",
    "POST",
    { Origin: trustedOrigin, "Content-Type": "application/grpc-web+proto" },
    true,
  ],
  ["a page of the same origin's form", "html", "POST", { Origin: trustedOrigin, Accept: "text/html" }, true],
];
