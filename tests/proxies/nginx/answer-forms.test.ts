import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type ExpectedForm, originVectors, plainVectors, trustedOrigin } from "../../answer/answer-vectors.ts";
import { openConnection, sendRaw } from "../../support/raw-http.ts";
import type { RawResponse } from "../../support/raw-response.ts";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";
import { requestText } from "./visit.ts";

const REDIRECT = "https://status.example/shop?from=lull";
const SECRET = 'Nobody\'s <business> & "more"';

/** Of each form: its status, and its Content-Type. */
const EXPECTED: Readonly<Record<ExpectedForm, readonly [status: number, type: string | null]>> = {
  html: [503, "text/html; charset=utf-8"],
  text: [503, "text/plain; charset=utf-8"],
  json: [503, "application/problem+json"],
  xml: [503, "application/xml"],
  "problem-xml": [503, "application/problem+xml"],
  "event-stream": [200, "text/event-stream"],
  grpc: [200, "application/grpc"],
  "grpc-web": [200, "application/grpc-web"],
  preflight: [204, null],
};

type Headers = Readonly<Record<string, string>>;

const lines = (headers: Headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`);

/** Numbers that jitter makes differ from one answer to the next. */
function withoutJitter(text: string): string {
  return text.replace(/("retryAfter":|<retryAfter>|^retry: )\d+/gm, "$1N");
}

describe.skipIf(await lacksGate())("through nginx", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({
      servers: server("_", `include snippets/lull.conf; location / { proxy_pass http://app; ${APPLICATION} }`),
    });
    const { command } = gate.lull;
    await command("site", "set", "1", "--message", SECRET);
    for (const domain of ["ending.test", "elsewhere.test", "shared.test", "readonly.test"]) {
      await command("site", "add", domain);
    }
    await command("site", "set", "elsewhere.test", "--redirect", REDIRECT);
    await command("site", "set", "shared.test", "--origins", trustedOrigin);
    await command("setmaintenance", "on", "1", "elsewhere.test", "shared.test");
    await command("downtime_start", "--site", "ending.test", "--for", "2h");
    await command("downtime_start", "--site", "readonly.test", "--mode", "readonly");
  }, 30_000);
  afterAll(() => gate.stop());

  async function ask(host: string, method: string, headers: Headers): Promise<RawResponse> {
    await using connection = await openConnection(gate.address);
    const hits = gate.app.hits();
    // Where a body is announced, none comes: the answer does not wait for it.
    connection.send(requestText({ host, method, headers: lines(headers) }));
    const response = await connection.receive(method);
    expect(gate.app.hits() - hits).toBe(0);
    return response;
  }

  /** The same question, asked of the sidecar itself in nginx's words. */
  function askSidecar(host: string, method: string, headers: Headers): Promise<RawResponse> {
    const forwarded = { "X-Forwarded-Host": host, "X-Forwarded-Uri": "/", "X-Forwarded-Method": method };
    const all = { Host: "lull_sidecar", "X-Real-IP": "203.0.113.9", ...forwarded, ...headers };
    const { Connection: _, TE: __, Expect: ___, ...sent } = { Connection: "", TE: "", Expect: "", ...all };
    return sendRaw({ unix: gate.lull.socket }, `GET /answer HTTP/1.1\r\n${lines(sent).join("\r\n")}\r\n\r\n`);
  }

  function expectForm(response: RawResponse, form: ExpectedForm): void {
    const [status, type] = EXPECTED[form];
    expect(response.status).toBe(status);
    if (type === null) expect(response.header("content-type")).toBeNull();
    else expect(response.header("content-type")?.startsWith(type)).toBe(true);
  }

  function expectUncached(response: RawResponse): void {
    for (const name of ["cache-control", "cdn-cache-control", "surrogate-control"]) {
      expect(response.header(name)).toBe("no-store");
    }
    expect(response.header("vary")).toStartWith("Accept, Accept-Language, Content-Type, X-Requested-With, Upgrade");
    expect([response.header("etag"), response.header("last-modified")]).toEqual([null, null]);
  }

  test.each(plainVectors)("nobody knows until when: %s is %s", async (_, form, method, headers) => {
    const response = await ask("one.test", method, headers);
    expectForm(response, form);
    expectUncached(response);
    const seconds = Number(response.header("retry-after"));
    if (form === "html") expect(seconds).toBe(300);
    else expect(seconds >= 300 && seconds <= 330).toBe(true);
    const direct = await askSidecar("one.test", method, headers);
    expect(withoutJitter(response.text())).toBe(withoutJitter(direct.text()));
    if (method !== "GET") return;
    const head = await ask("one.test", "HEAD", headers);
    expect([head.status, head.header("content-type"), head.header("content-length"), head.body.length]).toEqual([
      response.status,
      response.header("content-type"),
      response.header("content-length"),
      0,
    ]);
  });

  test.each(plainVectors)("until in two hours: %s is %s", async (_, form, method, headers) => {
    const response = await ask("ending.test", method, headers);
    expectForm(response, form);
    expectUncached(response);
    const seconds = Number(response.header("retry-after"));
    expect(seconds > 7_100 && seconds <= (form === "html" ? 7_200 : 7_260)).toBe(true);
    if (form === "json") expectProblem(response, seconds);
    if (form === "event-stream")
      expect(response.text()).toMatch(/^retry: 6[0-6]\d{3}\nevent: maintenance\ndata: \{.*\}\n\n$/);
    if (form === "grpc" || form === "grpc-web") {
      expect(response.header("grpc-status")).toBe("14");
      expect(response.header("grpc-retry-pushback-ms")).toBe(String(seconds * 1_000));
      expect(response.body).toHaveLength(0);
    }
  });

  /** Every member, in order, byte for byte. */
  function expectProblem(response: RawResponse, seconds: number): void {
    const { start, end } = JSON.parse(response.text());
    expect(Math.round((Date.parse(end) - Date.parse(start)) / 1_000)).toBe(7_200);
    const apology = "Sorry, the service is temporarily down for maintenance";
    const members = [
      ["type", "about:blank"],
      ["title", "Service Unavailable"],
      ["status", 503],
      ["detail", apology],
      ["instance", "/"],
      ["retryAfter", seconds],
      ["start", start],
      ["end", end],
      ["code", 503],
      ["error", "temporarily_unavailable"],
      ["reason", "maintenance"],
      ["error_description", apology],
    ];
    expect(response.text()).toBe(JSON.stringify(Object.fromEntries(members)));
  }

  test.each(plainVectors)("sent elsewhere: %s (%s)", async (_, form, method, headers) => {
    const response = await ask("elsewhere.test", method, headers);
    expectUncached(response);
    const isRead = form === "html" || (form === "text" && headers["Upgrade"] === undefined);
    const isSent = method === "GET" && isRead;
    if (!isSent) return expectForm(response, form);
    expect([response.status, response.header("location")]).toEqual([302, REDIRECT]);
    expect([response.header("retry-after"), response.body.length]).toEqual(["300", 0]);
  });

  test.each(originVectors)("of a site with an origin, %s is %s", async (_, form, method, headers, reads) => {
    const response = await ask("shared.test", method, headers);
    expectForm(response, form);
    expectUncached(response);
    expect(response.header("access-control-allow-origin")).toBe(reads ? trustedOrigin : null);
    expect(response.header("vary")).toContain("Origin");
    if (form === "preflight") expect(response.header("access-control-max-age")).toBe("0");
  });

  test.each(plainVectors.filter(([, , method]) => !["GET", "HEAD", "OPTIONS"].includes(method)))(
    "of a read-only site: %s is %s",
    async (_, form, method, headers) => {
      const response = await ask("readonly.test", method, headers);
      expectForm(response, form);
      if (form === "json") expect(JSON.parse(response.text()).detail).toStartWith("You can read this site");
      if (form === "text") expect(response.text()).toStartWith("Read-only for the moment\n");
    },
  );

  test.each([
    ["html", "text/html", "Nobody&#39;s &lt;business&gt; &amp; &quot;more&quot;"],
    ["text", "*/*", SECRET],
    ["json", "application/json", JSON.stringify(SECRET)],
    ["xml", "application/xml", 'Nobody\'s &lt;business&gt; &amp; "more"'],
    ["event-stream", "text/event-stream", JSON.stringify(SECRET)],
  ])("the operator's words stand in %s as they must", async (_, accept, expected) => {
    const { response } = await gate.visit({ headers: [`Accept: ${accept}`] });
    expect(response.text()).toContain(expected);
  });
});
