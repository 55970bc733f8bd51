import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openConnection } from "../../support/raw-http.ts";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";
import { outcomeOf, requestText, type VisitParts } from "./visit.ts";

const BODY = "x".repeat(100 * 1024);
const upload = (method: string): VisitParts => ({ method, target: "/echo", body: BODY });
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

const SERVERS = server(
  "_",
  `include snippets/lull.conf;
  root @folder@;
  location / { proxy_pass http://app; ${APPLICATION} }
  location /denied/ { deny all; proxy_pass http://app; ${APPLICATION} }
  location /listing/ { }
  location = /file.txt { }`,
);

describe.skipIf(await lacksGate())("a visitor of a closed site", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({ servers: SERVERS });
    await Bun.write(`${gate.nginx.folder}/file.txt`, "a file of nginx\n");
    await Bun.write(`${gate.nginx.folder}/listing/inside.txt`, "not for everybody\n");
    await gate.lull.command("setmaintenance", "on");
  });
  afterAll(() => gate.stop());

  test.each([
    ["GET", {}],
    ["POST with 100 KB", upload("POST")],
    ["PUT with 100 KB", upload("PUT")],
    ["DELETE", { method: "DELETE" }],
    ["OPTIONS", { method: "OPTIONS" }],
    ["a static file of nginx", { target: "/file.txt" }],
    ["a folder that nginx does not list", { target: "/listing/" }],
    ["a target that can be read in two ways", { target: "/x/../admin/" }],
    [
      "a conditional request",
      { headers: ["If-None-Match: *", "If-Modified-Since: Wed, 01 Jan 2031 00:00:00 GMT", "Range: bytes=0-1"] },
    ],
    ["a request with 24 KB of headers", { headers: ["A", "B", "C"].map((name) => `X-${name}: ${"x".repeat(8_000)}`) }],
    ["HTTP/1.1 with Connection: close", { headers: ["Connection: close"] }],
  ] satisfies [string, VisitParts][])("gets the page: %s", async (_, parts) => {
    const headers = [...("headers" in parts ? parts.headers : []), "Accept: text/html"];
    const { outcome, response } = await gate.visit({ ...parts, headers });
    expect(outcome).toBe("held");
    expect(response.header("retry-after")).toBe("300");
    expect(response.header("content-type")).toBe("text/html; charset=utf-8");
    expect(response.text()).toContain("<html");
    expect(response.header("x-lull")).toBe("closed");
  });

  test.each(["FOO", "PROPFIND", "QUERY", "M-SEARCH"])(
    "%s gets the page, and does not make nginx take the sidecar for dead",
    async (method) => {
      for (const target of ["/", "/.lull/up"]) await gate.visit({ method, target });
      expect((await gate.visit({ method })).outcome).toBe("held");
      for (let visit = 0; visit < 20; visit++) expect((await gate.visit({})).outcome).toBe("held");
    },
  );

  test("HEAD gets the same without the page, and the connection goes on", async () => {
    const { outcome, response } = await gate.visit({ method: "HEAD" });
    expect(outcome).toBe("held");
    expect(response.body).toHaveLength(0);
    await using connection = await openConnection(gate.address);
    for (const method of ["HEAD", "GET", "HEAD"]) {
      connection.send(requestText({ method }));
      expect(outcomeOf(await connection.receive(method), 0)).toBe("held");
    }
  });

  test.each([
    ["with a length", ["Content-Length: 102400"]],
    ["chunked", ["Transfer-Encoding: chunked"]],
    ["that waits for 100 Continue", ["Content-Length: 102400", "Expect: 100-continue"]],
  ])("is answered before a body is sent, %s", async (_, headers) => {
    await using connection = await openConnection(gate.address);
    connection.send(requestText({ method: "POST", target: "/echo", headers }));
    expect(outcomeOf(await connection.receive("POST"), 0)).toBe("held");
  });

  test("is answered in full when the body is chunked", async () => {
    await using connection = await openConnection(gate.address);
    connection.send(
      requestText({ method: "POST", target: "/echo", headers: ["Transfer-Encoding: chunked", "Accept: text/html"] }) +
        CHUNKED,
    );
    const response = await connection.receive("POST");
    expect(outcomeOf(response, 0)).toBe("held");
    expect(response.text()).toContain("</html>");
  });

  test("gets JSON when it asks for JSON, with a body and without", async () => {
    for (const parts of [{}, { method: "POST", body: BODY }]) {
      const { outcome, response } = await gate.visit({ ...parts, headers: ["Accept: application/json"] });
      expect(outcome).toBe("held");
      expect(JSON.parse(response.text())).toMatchObject({ status: 503, code: 503 });
    }
  });

  test("still gets nginx's own 403 where nginx denies", async () => {
    expect((await gate.visit({ target: "/denied/x" })).outcome).toBe("403");
  });

  test("reaches what is exempt, with a body of 100 KB", async () => {
    await gate.lull.command("exempt", "add", "--path", "/echo");
    await gate.lull.command("setmaintenance", "on");
    await using connection = await openConnection(gate.address);
    for (const text of [
      requestText(upload("POST")),
      requestText({ method: "POST", target: "/echo", headers: ["Transfer-Encoding: chunked"] }) + CHUNKED,
    ]) {
      connection.send(text);
      const response = await connection.receive("POST");
      expect([response.status, response.text()]).toEqual([200, '{"method":"POST","length":102400}']);
    }
  });
});
