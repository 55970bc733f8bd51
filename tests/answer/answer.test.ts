import { describe, expect, test } from "bun:test";
import { type Answer, answer } from "../../src/answer/answer.ts";
import { dialects } from "../../src/http/dialects.ts";
import { askedWith, heldVisit, means } from "./answer-builders.ts";
import { type ExpectedForm, originVectors, plainVectors, trustedOrigin } from "./answer-vectors.ts";

const statuses: Readonly<Record<ExpectedForm, Answer["status"]>> = {
  html: 503,
  text: 503,
  json: 503,
  xml: 503,
  "problem-xml": 503,
  "event-stream": 200,
  grpc: 200,
  "grpc-web": 200,
  preflight: 204,
};
const types: Readonly<Record<ExpectedForm, RegExp>> = {
  html: /^text\/html; charset=utf-8$/,
  text: /^text\/plain; charset=utf-8$/,
  json: /^application\/problem\+json$/,
  xml: /^application\/xml$/,
  "problem-xml": /^application\/problem\+xml$/,
  "event-stream": /^text\/event-stream$/,
  grpc: /^application\/grpc(\+proto)?$/,
  "grpc-web": /^application\/grpc-web/,
  preflight: /^$/,
};

describe("the form", () => {
  test.each(plainVectors)("%s: %s", (_, form, method, headers) => {
    const made = answer(heldVisit({ method }), askedWith(headers, method), means());
    expect(made.status).toBe(statuses[form]);
    expect(made.headers["Content-Type"] ?? "").toMatch(types[form]);
    expect(made.headers).toMatchObject({
      "Retry-After": "3600",
      "Cache-Control": "no-store",
      "CDN-Cache-Control": "no-store",
      "Surrogate-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    });
  });

  test.each(originVectors)("of a site with an origin, %s: %s", (_, form, method, headers, reads) => {
    const made = answer(heldVisit({ method, origins: [trustedOrigin] }), askedWith(headers, method), means());
    expect(made.status).toBe(statuses[form]);
    expect(made.headers["Content-Type"] ?? "").toMatch(types[form]);
    expect(made.headers["Access-Control-Allow-Origin"] ?? null).toBe(reads ? trustedOrigin : null);
    expect(made.headers["Access-Control-Allow-Credentials"] ?? null).toBe(reads ? "true" : null);
    expect(made.headers["Vary"]).toContain("Origin");
  });
});

describe("where 2xx passes", () => {
  const all = [
    ...plainVectors,
    ...originVectors.map(([name, form, method, headers]) => [name, form, method, headers] as const),
  ];
  const onChecks = means({ mayBeSuccess: false });

  test.each(all)("%s (%s) is 503", (_, _form, method, headers) => {
    const held = heldVisit({ method, origins: [trustedOrigin, "*"] });
    expect(answer(held, askedWith(headers, method), onChecks).status).toBe(503);
  });

  test.each(all)("%s (%s) of a site that sends visitors elsewhere is 503 or 302", (_, _form, method, headers) => {
    const held = heldVisit({ method, redirectUrl: "https://status.example/", origins: [trustedOrigin] });
    expect([302, 503]).toContain(answer(held, askedWith(headers, method), onChecks).status);
  });

  test("no dialect holds with 2xx", () => {
    for (const dialect of dialects.values()) {
      for (const close of [true, false]) {
        const held = {
          retryAfterSeconds: 60,
          close,
          answer: () => answer(heldVisit({}), askedWith({}, "GET"), onChecks),
        };
        expect([403, 503]).toContain(dialect.hold(held).status);
      }
    }
  });
});

describe("a redirect", () => {
  const redirectUrl = "https://status.example/shop";

  test.each(plainVectors)("%s: %s", (_, form, method, headers) => {
    const made = answer(heldVisit({ method, redirectUrl }), askedWith(headers, method), means());
    const isRead = form === "html" || (form === "text" && headers["Upgrade"] === undefined);
    const isSent = method === "GET" && isRead;
    expect([made.status, made.headers["Location"] ?? null]).toEqual(
      isSent ? [302, redirectUrl] : [statuses[form], null],
    );
    expect([made.headers["Retry-After"], made.headers["Cache-Control"]]).toEqual(["3600", "no-store"]);
  });

  test.each([
    ["is there already", "status.example"],
    ["names no host", null],
  ])("is not for who %s", (_, host) => {
    expect(answer(heldVisit({ redirectUrl, host }), askedWith({ Accept: "text/html" }), means()).status).toBe(503);
  });

  test("is not for a script of elsewhere, which sees the 503", () => {
    const held = heldVisit({ redirectUrl, origins: [trustedOrigin] });
    const { status, headers } = answer(held, askedWith({ Accept: "*/*", Origin: trustedOrigin }), means());
    expect([status, headers["Access-Control-Allow-Origin"]]).toEqual([503, trustedOrigin]);
  });
});

describe("Retry-After", () => {
  test.each([
    ["the page", "text/html", "3600"],
    ["text", "*/*", "3660"],
    ["JSON", "application/json", "3660"],
    ["an event stream", "text/event-stream", "3660"],
  ])("of %s", (_, accept, expected) => {
    const made = answer(heldVisit(), askedWith({ Accept: accept }), means({ random: () => 0.999_999 }));
    expect(made.headers["Retry-After"]).toBe(expected);
  });

  test("of a problem is in its body too", () => {
    const made = answer(heldVisit(), askedWith({ Accept: "application/json" }), means({ random: () => 0.999_999 }));
    expect(JSON.parse(String(made.body)).retryAfter).toBe(3_660);
  });
});

test("the page brings its policy, and its language", () => {
  const { headers, body } = answer(heldVisit(), askedWith({ Accept: "text/html" }), means());
  expect(headers).toMatchObject({ "Content-Security-Policy": "default-src 'none'", "Content-Language": "en" });
  expect(body).toBe("<p>page");
});

test("a page of somebody's own has neither policy nor language of ours", () => {
  const pages = { faults: [], domains: [], render: () => ({ html: "own", contentSecurityPolicy: null }) };
  const { headers } = answer(heldVisit(), askedWith({ Accept: "text/html" }), means({ pages }));
  expect(headers).not.toHaveProperty("Content-Security-Policy");
  expect(headers).not.toHaveProperty("Content-Language");
});

test("without credentials where every origin may read", () => {
  const held = heldVisit({ method: "OPTIONS", origins: ["*"] });
  const asked = askedWith({ Origin: "https://evil.example", "Access-Control-Request-Method": "DELETE" }, "OPTIONS");
  const { headers } = answer(held, asked, means());
  expect(headers["Access-Control-Allow-Origin"]).toBe("*");
  expect(headers).not.toHaveProperty("Access-Control-Allow-Credentials");
});

test("a preflight is good for one request, and for no more than it asked for", () => {
  const held = heldVisit({ method: "OPTIONS", origins: [trustedOrigin] });
  const asking = { Origin: trustedOrigin, "Access-Control-Request-Method": "PUT" };
  const { headers, body } = answer(
    held,
    askedWith({ ...asking, "Access-Control-Request-Headers": "x-a" }, "OPTIONS"),
    means(),
  );
  expect(headers).toMatchObject({
    "Access-Control-Allow-Methods": "PUT",
    "Access-Control-Allow-Headers": "x-a",
    "Access-Control-Max-Age": "0",
  });
  expect(body).toBeNull();
  expect(answer(held, askedWith(asking, "OPTIONS"), means()).headers).not.toHaveProperty(
    "Access-Control-Allow-Headers",
  );
});
