import { describe, expect, test } from "bun:test";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { fetchKeys } from "../../src/staff/key-fetch.ts";
import { needProgram } from "../support/debian.ts";
import { startKeyServer } from "./key-server.ts";

const lacksOpenssl = (await needProgram("openssl")) === null;
const going = new AbortController().signal;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const endless = (chunk: string) =>
  new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode(chunk)),
  });
const never = () => new Promise<never>(() => {});

test("gives what a server answers, and tells it nothing about anybody", async () => {
  await using server = startKeyServer('{"keys":[]}');
  expect(text(await fetchKeys(server.url, 5_000, going))).toBe('{"keys":[]}');
  expect(Object.fromEntries(server.asked[0] ?? [])).toEqual({
    accept: "application/jwk-set+json, application/json",
    "accept-encoding": "identity",
    host: new URL(server.url).host,
    "user-agent": "lull",
  });
});

test("gives a whole megabyte", async () => {
  await using server = startKeyServer("x".repeat(1_048_576));
  expect((await fetchKeys(server.url, 5_000, going)).length).toBe(1_048_576);
});

describe("gives nothing", () => {
  test.each<[string, () => Response | Promise<Response>, RegExp]>([
    ["that is not there", () => new Response("", { status: 404 }), /^answers 404, not 200; check the address$/],
    ["when the server is broken", () => new Response("{}", { status: 500 }), /^answers 500/],
    ["without content", () => new Response(null, { status: 204 }), /^answers 204/],
    ["from elsewhere", () => Response.redirect("http://127.0.0.1:1/"), /^answers 302.*redirects are not followed/],
    ["larger than 1 MB", () => new Response("x".repeat(1_048_577)), /^is larger than 1 MB/],
    ["endless", () => new Response(endless("x".repeat(65_536))), /^is larger than 1 MB/],
    ["from who never answers", never, /^has not answered within 0\.3 s/],
    ["from who never ends", () => new Response(new ReadableStream({ pull: never })), /^has not answered within 0\.3 s/],
  ])("%s", async (_, answer, message) => {
    await using server = startKeyServer();
    server.answer = answer;
    await expect(fetchKeys(server.url, 300, going)).rejects.toThrow(message);
  });

  test("that is compressed: a few bytes could stand for gigabytes", async () => {
    await using server = startKeyServer();
    const packed = Bun.gzipSync(new TextEncoder().encode('{"keys":[]}'));
    server.answer = () => new Response(packed, { headers: { "Content-Encoding": "gzip" } });
    expect(Buffer.compare(await fetchKeys(server.url, 5_000, going), packed)).toBe(0);
  });

  test.each([
    ["from who breaks off", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"],
    ["from who hangs up", ""],
    ["from who speaks no HTTP", "220 mail.example.com ESMTP\r\n"],
  ])("%s", async (_, words) => {
    const server = createServer((socket) => void socket.on("error", () => {}).end(words)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const fetched = fetchKeys(`http://127.0.0.1:${port}/`, 2_000, going);
    await expect(fetched).rejects.toThrow(/^cannot be asked \(\w+\); check the address$/);
    server.close();
  });

  test("from nobody", async () => {
    await expect(fetchKeys("http://127.0.0.1:1/", 5_000, going)).rejects.toThrow(
      "cannot be asked (ECONNREFUSED); check the address",
    );
  });

  test.skipIf(lacksOpenssl)(
    "over https from who has a certificate of his own, whatever the environment says",
    async () => {
      const program = join(import.meta.dir, "fetch-keys-from-impostor.ts");
      const child = Bun.spawn([process.execPath, program], {
        env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: "0" },
        stdout: "pipe",
      });
      expect(await child.stdout.text()).toMatch(/^cannot be asked \(\w*SELF_SIGNED\w*\)/);
    },
  );

  test("once nobody needs it any more", async () => {
    await using server = startKeyServer();
    server.answer = never;
    const stopping = new AbortController();
    const fetched = fetchKeys(server.url, 60_000, stopping.signal);
    await server.askedTimes(1);
    stopping.abort();
    await expect(fetched).rejects.toThrow(/^cannot be asked/);
  });
});

test("asks directly, though the environment names a proxy", async () => {
  await using proxy = startKeyServer("from a proxy");
  await using server = startKeyServer("from the server");
  const program = `import { fetchKeys } from "${join(import.meta.dir, "../../src/staff/key-fetch.ts")}";
    process.stdout.write(await fetchKeys("${server.url}", 5000, new AbortController().signal));`;
  const names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
  const child = Bun.spawn([process.execPath, "-e", program], {
    env: { ...process.env, ...Object.fromEntries(names.map((name) => [name, proxy.url])) },
    stdout: "pipe",
  });
  expect(await child.stdout.text()).toBe("from the server");
  expect(proxy.asked).toEqual([]);
});
