import { describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import { join } from "node:path";
import { needProgram } from "./debian.ts";
import { startNginx } from "./nginx.ts";
import { openConnection, sendRaw } from "./raw-http.ts";
import { startSampleApp } from "./sample-app.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("raw HTTP", () => {
  test.each([
    ["a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcREST", "abc"],
    [
      "chunks and a trailer",
      "GET",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\nT: 1\r\n\r\n",
      "abc",
    ],
    ["neither, up to the end", "GET", "HTTP/1.0 200 OK\r\n\r\nabc", "abc"],
    ["HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", ""],
    ["204", "GET", "HTTP/1.1 204 No Content\r\n\r\n", ""],
    [
      "an interim response first",
      "POST",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
      "abc",
    ],
  ])("reads a body with %s", async (_, method, response, body) => {
    await using folder = temporaryFolder();
    const server = createServer((socket) => socket.once("data", () => socket.end(response, "latin1")));
    const unix = folder.file("s");
    await new Promise<void>((resolve) => server.listen(unix, resolve));
    const received = await sendRaw({ unix }, `${method} / HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(received.text()).toBe(body);
    server.close();
  });

  test("refuses an answer that is cut short", async () => {
    await using folder = temporaryFolder();
    const unix = folder.file("s");
    const server = createServer((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc"));
    await new Promise<void>((resolve) => server.listen(unix, resolve));
    await expect(sendRaw({ unix }, "GET / HTTP/1.1\r\n\r\n")).rejects.toThrow("1 bytes early");
    server.close();
  });
});

describe("the sample application", () => {
  test("answers pages, its own errors and an echo, and counts by marker", async () => {
    await using app = startSampleApp();
    const address = { host: "127.0.0.1", port: app.port };
    await using connection = await openConnection(address);
    for (const status of [401, 403, 404, 500, 503]) {
      connection.send(`GET /status/${status} HTTP/1.1\r\nHost: x\r\nX-Marker: m\r\n\r\n`);
      expect((await connection.receive()).status).toBe(status);
    }
    connection.send("POST /echo?marker=e HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345");
    expect((await connection.receive()).text()).toBe('{"method":"POST","length":5}');
    expect([app.hits(), app.hits("m"), app.hits("e")]).toEqual([6, 5, 1]);
    app.forget();
    expect(app.hits()).toBe(0);
  });

  test("speaks websocket and event stream", async () => {
    await using app = startSampleApp();
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/ws`);
    const answered = Promise.withResolvers<string>();
    socket.onopen = () => socket.send("hello");
    socket.onmessage = (event) => answered.resolve(String(event.data));
    expect(await answered.promise).toBe("echo hello");
    socket.close();
    const events = await fetch(`http://127.0.0.1:${app.port}/events`);
    const reader = events.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("data: 1\n\n");
    await reader?.cancel();
  });
});

describe.skipIf((await needProgram("nginx")) === null)("nginx", () => {
  const site = (word: string) => `server { listen 127.0.0.1:@port.site@; location / { return 200 ${word}; } }`;

  test("starts, takes a new configuration and stops", async () => {
    const nginx = await startNginx({ http: site("one") });
    const ask = async () =>
      (await sendRaw({ host: "127.0.0.1", port: nginx.port("site") }, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).text();
    expect(await ask()).toBe("one");
    await nginx.reload(site("two"));
    expect(await ask()).toBe("two");
    await expect(nginx.reload("nonsense;")).rejects.toThrow("nonsense");
    await nginx.stop();
    await expect(ask()).rejects.toThrow();
    expect(await Bun.file(join(nginx.folder, "nginx.conf")).exists()).toBe(false);
  });

  test("says why it did not start", async () => {
    await expect(startNginx({ http: "nonsense;" })).rejects.toThrow('unknown directive "nonsense"');
  });
});
