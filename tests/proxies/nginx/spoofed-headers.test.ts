import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";

const EXEMPT_CLIENT = "198.51.100.7";
const LONG = "x".repeat(8_000);

const fillers = (count: number) => Array.from({ length: count }, (_, number) => `X-Filler-${number}: x`);

/** Headers with underscores get as far as they can. */
const SERVERS = server(
  "_",
  `underscores_in_headers on;
  ignore_invalid_headers off;
  include snippets/lull.conf;
  root @folder@;
  location = /file.txt { }
  location / { proxy_pass http://app; ${APPLICATION} }`,
);

/** What would let the visitor in, would the sidecar read it. */
const LIES: readonly (readonly [sentence: string, headers: readonly string[]])[] = [
  ["nothing", []],
  ["X-Forwarded-Uri", ["X-Forwarded-Uri: /admin/"]],
  ["X-Forwarded-Host", ["X-Forwarded-Host: open.test"]],
  ["X-Forwarded-Host and -Uri of an open site", ["X-Forwarded-Host: open.test", "X-Forwarded-Uri: /"]],
  ["X-Forwarded-Method", ["X-Forwarded-Method: GET"]],
  ["X-Forwarded-Proto", ["X-Forwarded-Proto: https"]],
  ["X-Forwarded-For", [`X-Forwarded-For: ${EXEMPT_CLIENT}`]],
  ["X-Real-IP", [`X-Real-IP: ${EXEMPT_CLIENT}`]],
  ["X-Real-IP of this machine", ["X-Real-IP: 127.0.0.1"]],
  ["Forwarded", [`Forwarded: for=${EXEMPT_CLIENT};host=open.test`]],
  ["X-Lull: open", ["X-Lull: open"]],
  ["an empty X-Lull", ["X-Lull:"]],
  ["headers of other proxies", ["X-Original-URL: /admin/", "X-Original-Uri: /admin/", "X-Rewrite-URL: /admin/"]],
  ["more of other proxies", ["X-Client-IP: 127.0.0.1", `CF-Connecting-IP: ${EXEMPT_CLIENT}`, "X-Original-Method: GET"]],
  ["another method", ["X-HTTP-Method-Override: GET", "X-Method-Override: GET"]],
  ["doubled X-Real-IP", [`X-Real-IP: ${EXEMPT_CLIENT}`, `X-Real-IP: ${EXEMPT_CLIENT}`]],
  ["doubled X-Forwarded-Uri", ["X-Forwarded-Uri: /admin/", "X-Forwarded-Uri: /admin/"]],
  [
    "underscores",
    ["X_Forwarded_Uri: /admin/", "X_Forwarded_Host: open.test", `X_Real_IP: ${EXEMPT_CLIENT}`, "X_Lull: open"],
  ],
  ["dots", ["X.Forwarded.Uri: /admin/", `X.Real.IP: ${EXEMPT_CLIENT}`]],
  ["other capitals", ["x-FORWARDED-uri: /admin/", `x-rEAL-iP: ${EXEMPT_CLIENT}`]],
  ["headers that Connection takes away", ["Connection: close, X-Forwarded-Uri, X-Forwarded-Host, X-Real-IP, X-Lull"]],
  ["bytes that are not UTF-8", ["X-Forwarded-Uri: /admin/\xff", "X-Forwarded-Host: \xff\xfe", "X-Other: \xc3\x28"]],
  ["8 KB of X-Real-IP", [`X-Real-IP: ${LONG}`]],
  ["8 KB each of X-Forwarded-Uri and -Host", [`X-Forwarded-Uri: /${LONG}`, `X-Forwarded-Host: ${LONG}`]],
  ["150 small headers", fillers(150)],
  ["a site by its number", ["X-Lull-Site: 2", "X-Site: 2"]],
  [
    "an upgrade",
    [
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ],
  ],
  ["an accel redirect", ["X-Accel-Redirect: /admin/", "X-Accel-Buffering: no", "X-Sendfile: /admin/"]],
];

/** What would hold the visitor of an open site. */
const LIES_THAT_CLOSE: typeof LIES = [
  ["X-Lull: closed", ["X-Lull: closed"]],
  ["the host of a closed site", ["X-Forwarded-Host: closed.test", "X_Forwarded_Host: closed.test"]],
  ["a visit that cannot be read", ["X-Forwarded-Host:", "X-Forwarded-Uri:", "X-Forwarded-Method:"]],
  ["doubled headers", ["X-Forwarded-Host: a", "X-Forwarded-Host: b", "X-Real-IP: a", "X-Real-IP: b"]],
  ["a status", ["Status: 503", "X-Accel-Redirect: /answer", "Retry-After: 9"]],
];

describe.skipIf(await lacksGate())("what a visitor says about itself", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({ servers: SERVERS, settings: { internal_ips: EXEMPT_CLIENT } });
    const { command } = gate.lull;
    for (const domain of ["open.test", "closed.test", "readonly.test"]) await command("site", "add", domain);
    await command("period", "add", "--site", "readonly.test", "--mode", "readonly");
    await command("setmaintenance", "on", "closed.test");
  }, 20_000);
  afterAll(() => gate.stop());

  test.each(LIES)("does not let it in: %s", async (_, headers) => {
    for (const client of ["203.0.113.9", null]) {
      expect((await gate.visit({ host: "closed.test", client, headers })).outcome).toBe("held");
    }
  });

  test.each(LIES)("makes no write a read: %s", async (_, headers) => {
    expect((await gate.visit({ host: "readonly.test", method: "POST", headers, body: "x" })).outcome).toBe("held");
  });

  test.each([...LIES, ...LIES_THAT_CLOSE])("does not hold it: %s", async (_, headers) => {
    const target = headers.some((line) => line.startsWith("Upgrade")) ? "/echo" : "/";
    expect((await gate.visit({ host: "open.test", target, headers })).outcome).toBe("pass");
  });

  test("nor does it change what is exempt: the path, the address, the method", async () => {
    for (const [, headers] of [...LIES, ...LIES_THAT_CLOSE]) {
      expect((await gate.visit({ host: "closed.test", target: "/admin/", headers })).outcome).toBe("pass");
      expect((await gate.visit({ host: "closed.test", client: EXEMPT_CLIENT, headers })).outcome).toBe("pass");
      expect((await gate.visit({ host: "readonly.test", headers })).outcome).toBe("pass");
    }
  });

  test("is not counted: 500 headers, more than the sidecar's own server would take", async () => {
    await Bun.write(`${gate.nginx.folder}/file.txt`, "a file of nginx\n");
    const headers = fillers(500);
    expect((await gate.visit({ host: "closed.test", target: "/file.txt", headers })).outcome).toBe("held");
    expect((await gate.visit({ host: "open.test", target: "/file.txt", headers })).response.text()).toBe(
      "a file of nginx\n",
    );
  });

  test.each(LIES)("does not change what /.lull/up says: %s", async (_, headers) => {
    const up = async (host: string) => (await gate.visit({ host, target: "/.lull/up", headers })).response.status;
    expect([await up("open.test"), await up("closed.test")]).toEqual([204, 503]);
  });
});
