import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openConnection } from "../../support/raw-http.ts";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";
import { requestText } from "./visit.ts";

const SERVERS = [
  server(
    "_",
    `include snippets/lull.conf;
    root @folder@;
    location / { proxy_pass http://app; ${APPLICATION} }
    location /denied/ { deny all; proxy_pass http://app; ${APPLICATION} }
    location /listing/ { }
    location = /own-error-page { error_page 403 = @lull_answer; error_page 404 /404.html; proxy_pass http://app; }`,
  ),
  // What people also do: pages of their own for errors, and websocket headers for the whole server.
  server(
    "pages.test",
    `include snippets/lull.conf;
    ${APPLICATION}
    proxy_intercept_errors on;
    error_page 403 =200 /403.html;
    error_page 500 502 503 504 =200 /403.html;
    location = /403.html { auth_request off; return 200 "a page of the operator's"; }
    location / { proxy_pass http://app; }`,
  ),
  // The same before the include, so that the operator's page for 403 comes first.
  server(
    "pages-first.test",
    `proxy_intercept_errors on;
    error_page 403 =200 /403.html;
    error_page 500 502 503 504 =200 /403.html;
    include snippets/lull.conf;
    location = /403.html { auth_request off; return 200 "a page of the operator's"; }
    location / { proxy_pass http://app; }`,
  ),
  server(
    "recursive.test",
    `include snippets/lull.conf;
    recursive_error_pages on;
    location / { proxy_pass http://app; ${APPLICATION} }
    location /denied/ { deny all; proxy_pass http://app; }`,
  ),
].join("");

describe.skipIf(await lacksGate())("an open site", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({ servers: SERVERS });
    await Bun.write(`${gate.nginx.folder}/listing/inside.txt`, "not for everybody\n");
  });
  afterAll(() => gate.stop());

  test.each([401, 403, 404, 500, 503])("hands the application's own %d through, body and all", async (status) => {
    const { outcome, response } = await gate.visit({ target: `/status/${status}` });
    expect(outcome).toBe(`application ${status}`);
    expect(response.text()).toBe(`the application says ${status}\n`);
    expect([response.header("retry-after"), response.header("cache-control")]).toEqual([null, null]);
  });

  test.each([
    ["nginx's deny", "one.test", "/denied/x"],
    ["a folder that nginx does not list", "one.test", "/listing/"],
    ["nginx's deny with recursive_error_pages", "recursive.test", "/denied/x"],
  ])("%s stays nginx's 403", async (_, host, target) => {
    const { outcome, response } = await gate.visit({ host, target });
    expect(outcome).toBe("403");
    expect(response.text()).toContain("403 Forbidden");
    expect(response.header("retry-after")).toBeNull();
  });

  test("takes a body of 100 KB, after 100 Continue too", async () => {
    for (const headers of [[], ["Expect: 100-continue"]]) {
      const { response } = await gate.visit({ method: "POST", target: "/echo", body: "x".repeat(102_400), headers });
      expect([response.status, response.text()]).toEqual([200, '{"method":"POST","length":102400}']);
    }
  });

  test("a location with an error_page of its own passes", async () => {
    expect((await gate.visit({ target: "/own-error-page" })).outcome).toBe("pass");
  });

  test.each(["one.test", "pages.test"])("%s: a websocket echoes", async (host) => {
    const socket = await openSocket(gate, host);
    const answer = Promise.withResolvers<string>();
    socket.onmessage = ({ data }) => answer.resolve(String(data));
    socket.send("hello");
    expect(await answer.promise).toBe("echo hello");
    socket.close();
  });

  test("an event stream arrives piece by piece", async () => {
    const response = await fetch(`http://127.0.0.1:${gate.address.port}/events`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events: string[] = [];
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      events.push(piece);
      if (events.length === 3) break;
    }
    expect(events.join("")).toMatch(/^data: 1\n\ndata: 2\n\ndata: 3\n\n/);
  });

  test("/.lull/up says 204, to HEAD too", async () => {
    for (const method of ["GET", "HEAD"]) {
      const { response } = await gate.visit({ method, target: "/.lull/up" });
      expect([response.status, response.header("cache-control")]).toEqual([204, "no-store"]);
    }
  });

  describe("once closed", () => {
    let socket: WebSocket;
    beforeAll(async () => {
      socket = await openSocket(gate, "one.test");
      await gate.lull.command("setmaintenance", "on");
    });

    test("keeps the websocket that was there", async () => {
      const answer = Promise.withResolvers<string>();
      socket.onmessage = ({ data }) => answer.resolve(String(data));
      socket.send("still here");
      expect(await answer.promise).toBe("echo still here");
      socket.close();
    });

    test("takes no new websocket", async () => {
      await expect(openSocket(gate, "one.test")).rejects.toThrow();
    });

    test.each([
      ["a location with an error_page of its own, and ours again", "one.test", "/own-error-page"],
      ["an operator's `error_page 403 =200` for intercepted errors", "pages.test", "/"],
      ["recursive_error_pages", "recursive.test", "/"],
    ])("%s: held all the same", async (_, host, target) => {
      expect((await gate.visit({ host, target })).outcome).toBe("held");
    });

    test("the application's own 403 cannot be had by asking for it", async () => {
      expect((await gate.visit({ target: "/status/403" })).outcome).toBe("held");
    });

    test("an operator's `error_page 403 =200` before the include: the page is theirs, and nobody gets in", async () => {
      const { outcome, response } = await gate.visit({ host: "pages-first.test" });
      expect([outcome, response.text()]).toEqual(["200", "a page of the operator's"]);
    });

    test("/.lull/up says 503 where the operator has pages for errors", async () => {
      expect((await gate.visit({ host: "pages.test", target: "/.lull/up" })).response.status).toBe(503);
    });

    test("/.lull/up says 503, to HEAD too", async () => {
      await using connection = await openConnection(gate.address);
      for (const method of ["GET", "HEAD"]) {
        connection.send(requestText({ method, target: "/.lull/up" }));
        const response = await connection.receive(method);
        expect([response.status, response.header("retry-after"), response.body.length]).toEqual([503, "300", 0]);
      }
    });
  });
});

/** Rejects when the server does not switch protocols. */
async function openSocket(gate: Gate, host: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${gate.address.port}/ws`, { headers: { Host: host } });
  const opened = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error("no websocket"));
  await opened.promise;
  return socket;
}
