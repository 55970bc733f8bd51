import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type ClientHttp2Session, connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2";
import { type BypassGate, lacksBypassGate, startBypassGate } from "./bypass-gate.ts";

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

describe.skipIf(await lacksBypassGate())("over HTTP/2", () => {
  let scene: BypassGate;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    scene = await startBypassGate();
    session = connect(`https://127.0.0.1:${scene.gate.nginx.port("tls")}`, { rejectUnauthorized: false });
  }, 60_000);
  afterAll(async () => {
    session.close();
    await scene.stop();
  });

  function ask(path: string, headers: OutgoingHttpHeaders = {}): Promise<Answered> {
    const answered = Promise.withResolvers<Answered>();
    const stream = session.request({ ":path": path, ":authority": "one.test", ...headers });
    stream
      .on("response", ({ ":status": status, ...received }) =>
        answered.resolve({ status: Number(status), headers: received }),
      )
      .on("error", answered.reject);
    stream.resume();
    stream.end();
    return answered.promise;
  }

  test("a link lets in by its button, and its cookie among others, each in a field of its own (RFC 9113, 8.2.3)", async () => {
    const link = `/.lull/bypass/${await scene.create("--site", "one.test")}`;
    expect((await ask(link)).status).toBe(200);
    const clicked = await ask(link, { ":method": "POST" });
    expect([clicked.status, clicked.headers.location]).toEqual([303, "/"]);
    const cookie = clicked.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const passed = await ask("/", { cookie: ["a=b", cookie, "c=d"] });
    expect([passed.status, passed.headers["x-app"], passed.headers["x-lull"]]).toEqual([200, "sample", "bypass"]);
    expect((await ask("/", { cookie: ["a=b", "c=d"] })).status).toBe(503);
  });

  test("a script's header lets in, and a forged one does not", async () => {
    const token = await scene.create("--site", "one.test");
    expect((await ask("/", { "x-lull-bypass": token })).headers["x-app"]).toBe("sample");
    expect((await ask("/", { "x-lull-bypass": "a".repeat(43) })).status).toBe(503);
  });

  test.each<[string, OutgoingHttpHeaders, number]>([
    ["the address", { "x-real-ip": "127.0.0.1", "x-forwarded-for": "127.0.0.1" }, 503],
    ["groups", { "x-auth-groups": "staff, admin" }, 503],
    ["another host beside the authority", { host: "open.test", "x-forwarded-host": "open.test" }, 400],
    ["another target", { "x-forwarded-uri": "/admin/" }, 503],
  ])("who sends %s gets nothing by it", async (_, headers, status) => {
    expect((await ask("/", headers)).status).toBe(status);
  });
});
