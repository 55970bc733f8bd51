/** /gate/nginx, for sites whose auth_request is taken: the visit goes to the sidecar first, which hands it on. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Nginx, startNginx } from "../../support/nginx.ts";
import { openConnection } from "../../support/raw-http.ts";
import { type SampleApp, startSampleApp } from "../../support/sample-app.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { APPLICATION, lacksGate } from "./gate.ts";
import { installLull, type Lull } from "./lull-process.ts";
import { requestText, type VisitParts, visit } from "./visit.ts";

const EXEMPT_CLIENT = "198.51.100.7";
const BODY = "x".repeat(100 * 1024);
const HANDSHAKE = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/**
 * As docs/http.md has it. A `rewrite` to the gate's address would be what the application is asked for afterwards, and a
 * literal address may not stand in a named location: so it stands in a variable.
 */
const http = (lull: Lull, app: SampleApp) => `
map $http_upgrade $connection_upgrade { default upgrade; '' close; }
upstream app { server 127.0.0.1:${app.port}; }
upstream lull { server unix:${lull.socket}; keepalive 16; }
server {
  listen 127.0.0.1:@port.web@;
  set_real_ip_from 127.0.0.1; real_ip_header X-Test-Client;
  recursive_error_pages on;
  error_page 599 = @lull_gate;
  location / { return 599; }
  location @lull_app { internal; auth_request /login; proxy_pass http://app; ${APPLICATION} }
  location = /login { internal; if ($http_x_login = no) { return 401; } return 204; }
  location @lull_gate {
    set                        $lull_gate http://lull/gate/nginx;
    proxy_pass                 $lull_gate;
    proxy_http_version         1.1;
    auth_request               off;
    proxy_pass_request_headers off;
    proxy_pass_request_body    off;
    proxy_set_header           Content-Length "";
    proxy_set_header           Connection "";
    proxy_set_header           Accept             $http_accept;
    proxy_set_header           Cookie             $http_cookie;
    proxy_set_header           X-Lull-Bypass      $http_x_lull_bypass;
    proxy_set_header           X-Forwarded-Host   $host;
    proxy_set_header           X-Forwarded-Method $request_method;
    proxy_set_header           X-Forwarded-Uri    $request_uri;
    proxy_set_header           X-Real-IP          $remote_addr;
  }
}`;

describe.skipIf(await lacksGate())("nginx that asks /gate/nginx first", () => {
  const folder = temporaryFolder();
  const app = startSampleApp();
  let lull: Lull;
  let nginx: Nginx;
  let token = "";
  beforeAll(async () => {
    lull = await installLull(folder.path, { internal_ips: EXEMPT_CLIENT });
    await lull.serve();
    nginx = await startNginx({ http: http(lull, app) });
    for (const domain of ["closed.test", "open.test"]) await lull.command("site", "add", domain);
    await lull.command("setmaintenance", "on", "closed.test");
    const link = await lull.command("bypass", "create", "--site", "closed.test", "--for", "1h");
    token = /\/\.lull\/bypass\/([\w-]{43})(?![\w-])/.exec(link)?.[1] ?? "";
  }, 30_000);
  afterAll(async () => {
    await nginx.stop();
    await lull.stop();
    await app.stop();
    await folder.remove();
  });

  const address = () => ({ host: "127.0.0.1", port: nginx.port("web") });
  const outcome = async (parts: VisitParts) => (await visit({ address: address(), app }, parts)).outcome;
  const open = { host: "open.test" };
  const closed = { host: "closed.test" };
  const upload = { method: "POST", target: "/echo", body: BODY };

  test.each<[string, VisitParts, string]>([
    ["an open site", open, "pass"],
    ["an open site, POST with 100 KB", { ...open, ...upload }, "pass"],
    ["an open site, HEAD", { ...open, method: "HEAD" }, "pass"],
    ["an open site's own 403", { ...open, target: "/status/403" }, "application 403"],
    ["an open site's own 503", { ...open, target: "/status/503" }, "application 503"],
    ["a closed site", closed, "held"],
    ["a closed site, HEAD", { ...closed, method: "HEAD" }, "held"],
    ["a closed site, POST with 100 KB", { ...closed, ...upload }, "held"],
    ["an event stream", { ...closed, target: "/events", headers: ["Accept: text/event-stream"] }, "held"],
    ["an exempt path", { ...closed, target: "/admin/x" }, "pass"],
    ["a path that leads out of it", { ...closed, target: "/admin/..%2fx" }, "held"],
    ["an exempt network", { ...closed, client: EXEMPT_CLIENT }, "pass"],
    ["a network of the visitor's own saying", { ...closed, headers: [`X-Real-IP: ${EXEMPT_CLIENT}`] }, "held"],
    ["a redirect of the visitor's own saying", { ...closed, headers: ["X-Accel-Redirect: @lull_app"] }, "held"],
    ["the sidecar's own path", { ...closed, target: "/metrics" }, "held"],
  ])("%s", async (_, parts, expected) => {
    expect(await outcome(parts)).toBe(expected);
  });

  test("the application is asked for what the visitor asked for, and not for the address of the gate", async () => {
    for (const target of ["/a%2fb/..;x/%41?q=%2e&site=2", "/", "/x//y/?"]) {
      const { response } = await visit({ address: address(), app }, { ...open, target });
      expect(response.text()).toBe(`the page ${new URL(target, "http://open.test").pathname}\n`);
    }
  });

  test("the site's own auth_request goes on, behind the gate", async () => {
    const headers = ["X-Login: no"];
    expect([await outcome({ ...open, headers }), await outcome({ ...closed, headers })]).toEqual(["401", "held"]);
  });

  test("a bypass passes, with its method and its body", async () => {
    expect(token).toHaveLength(43);
    expect(await outcome({ ...closed, ...upload, headers: [`X-Lull-Bypass: ${token}`] })).toBe("pass");
  });

  test("a websocket is one where the site is open, and is held where it is closed", async () => {
    const statuses: number[] = [];
    for (const host of ["open.test", "closed.test"]) {
      await using connection = await openConnection(address());
      connection.send(requestText({ host, target: "/ws", headers: HANDSHAKE }));
      statuses.push((await connection.receive()).status);
    }
    expect(statuses).toEqual([101, 503]);
  });
});
