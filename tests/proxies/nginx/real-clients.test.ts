/** The clients that people really use, each against the compiled binary behind nginx. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { once } from "node:events";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import type { Browser } from "playwright-core";
import { startBrowser } from "../../support/browser.ts";
import { needProgram } from "../../support/debian.ts";
import { startGrpcApp } from "../../support/grpc-app.ts";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";

const lacks = await lacksGate();
const lacksCurl = (await needProgram("curl")) === null;
const lacksWget = (await needProgram("wget")) === null;
const lacksChromium = (await needProgram("chromium")) === null;

const FILE = "0123456789".repeat(1_000);

interface Ended {
  readonly code: number;
  readonly output: string;
}

async function run(command: readonly string[], folder: string): Promise<Ended> {
  const child = Bun.spawn([...command], { cwd: folder, stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  const [output, code] = await Promise.all([child.stdout.text(), child.exited]);
  return { code, output };
}

describe.skipIf(lacks)("a real client of a closed site", () => {
  let gate: Gate;
  let url: string;
  beforeAll(async () => {
    const location = `location / { proxy_pass http://app; ${APPLICATION} }`;
    gate = await startGate({
      servers: server("_", `include snippets/lull.conf; ${location} location /files/ { root @folder@; }`),
    });
    url = `http://127.0.0.1:${gate.address.port}`;
    await Bun.write(join(gate.nginx.folder, "files/image.bin"), FILE);
    await gate.lull.command("setmaintenance", "on");
  }, 20_000);
  afterAll(() => gate.stop());

  describe.skipIf(lacksCurl)("curl", () => {
    test("gets text, and an exit code when it asks for one", async () => {
      const { code, output } = await run(["curl", "-sS", "-i", `${url}/`], gate.folder);
      expect(code).toBe(0);
      expect(output).toMatch(/^HTTP\/1\.1 503 /);
      expect(output).toMatch(/\r\nRetry-After: 3\d\d\r\n/);
      expect(output).toMatch(/\r\n\r\nDown for maintenance\n/);
      expect((await run(["curl", "-sS", "--fail", `${url}/`], gate.folder)).code).toBe(22);
    });

    test("-I gets the same headers", async () => {
      const { output } = await run(["curl", "-sS", "-I", "-H", "Accept: text/html", `${url}/`], gate.folder);
      expect(output).toMatch(/^HTTP\/1\.1 503 /);
      expect(output).toMatch(/\r\nContent-Length: [1-9]\d{3,4}\r\n/);
    });
  });

  describe.skipIf(lacksWget)("wget --continue", () => {
    test("keeps what it has, and goes on when the site is open", async () => {
      const part = join(gate.folder, "image.bin");
      await Bun.write(part, FILE.slice(0, 4_321));
      const command = ["wget", "--quiet", "--tries=1", "--continue", `${url}/files/image.bin`];
      // 8: the server answered with an error.
      expect((await run(command, gate.folder)).code).toBe(8);
      expect(await Bun.file(part).text()).toBe(FILE.slice(0, 4_321));
      await gate.lull.command("setmaintenance", "off");
      expect((await run(command, gate.folder)).code).toBe(0);
      expect(await Bun.file(part).text()).toBe(FILE);
      await gate.lull.command("setmaintenance", "on");
    });
  });

  describe.skipIf(Bun.which("node") === null)("the fetch of Node.js", () => {
    test.each([
      ["text", "{}", "text/plain; charset=utf-8"],
      ["JSON", '{ headers: { accept: "application/json" } }', "application/problem+json"],
      [
        "JSON for JSON",
        '{ method: "POST", body: "{}", headers: { "content-type": "application/json" } }',
        "application/problem+json",
      ],
    ])("gets %s", async (_, options, type) => {
      const script = `
        const response = await fetch(${JSON.stringify(`${url}/api`)}, ${options});
        await response.text();
        console.log(response.status, response.headers.get("retry-after") >= 300, response.headers.get("content-type"));`;
      const { output } = await run(["node", "--input-type=module", "--eval", script], gate.folder);
      expect(output).toBe(`503 true ${type}\n`);
    });
  });

  describe.skipIf(lacksChromium)("a browser", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await startBrowser();
    });
    afterAll(() => browser.close());

    test("its EventSource hears of the maintenance, and of the application again when that is over", async () => {
      // What it asks first is exempt, so that its page is the application's.
      await using page = await browser.newPage();
      await page.goto(`${url}/admin/`);
      await gate.lull.command("setmaintenance", "off");
      await gate.lull.command("downtime_start", "--for", "2s");
      const heard = await page.evaluate(`new Promise((resolve) => {
        const heard = [];
        const source = new EventSource("/events");
        source.addEventListener("maintenance", ({ data }) => heard.push(JSON.parse(data).status));
        source.onmessage = ({ data }) => { source.close(); resolve([...heard, data]); };
      })`);
      expect(heard).toEqual([503, expect.stringContaining("")]);
      await gate.lull.command("setmaintenance", "on");
    });

    test("a script of a trusted origin sees the 503, and afterwards what the application says", async () => {
      await using elsewhere = Bun.serve({
        hostname: "127.0.0.1",
        port: 0,
        fetch: () => new Response("<!doctype html><title>t</title>", { headers: { "Content-Type": "text/html" } }),
      });
      const origin = `http://127.0.0.1:${elsewhere.port}`;
      await gate.lull.command("site", "set", "1", "--origins", origin);
      await using page = await browser.newPage();
      await page.goto(origin);
      const put = `fetch("${url}/echo", { method: "PUT", credentials: "include", headers: { "x-a": "1" } }).then(
        async (response) => [response.status, Number(response.headers.get("retry-after")) >= 300, (await response.text()).length > 0],
        () => "refused",
      )`;
      expect(await page.evaluate(put)).toEqual([503, true, true]);
      await gate.lull.command("setmaintenance", "off");
      gate.app.forget();
      // The application allows nobody: its own preflight is asked, and not the one of a while ago remembered.
      expect(await page.evaluate(put)).toBe("refused");
      expect(gate.app.hits()).toBe(1);
      await gate.lull.command("site", "set", "1", "--origins", "");
      await gate.lull.command("setmaintenance", "on");
      expect(await page.evaluate(put)).toBe("refused");
    });
  });
});

describe.skipIf(lacks)("a client of gRPC", () => {
  test("hears UNAVAILABLE and when to come again, and the application when the site is open", async () => {
    await using app = await startGrpcApp();
    const content = `include snippets/lull.conf; location / { grpc_pass grpc://127.0.0.1:${app.port}; }`;
    await using gate = await startGate({
      servers: `server { listen 127.0.0.1:@port.web@ http2; server_name _; ${content} }`,
    });
    const client = new grpc.Client(`127.0.0.1:${gate.address.port}`, grpc.credentials.createInsecure());
    try {
      expect(await call(client)).toEqual({ code: grpc.status.OK, said: "echo hello", pushback: [] });
      await gate.lull.command("setmaintenance", "on");
      const held = await call(client);
      expect([held.code, held.said]).toEqual([
        grpc.status.UNAVAILABLE,
        expect.stringContaining("down for maintenance"),
      ]);
      expect(Number(held.pushback[0])).toBeGreaterThanOrEqual(300_000);
      await gate.lull.command("setmaintenance", "off");
      expect((await call(client)).code).toBe(grpc.status.OK);
    } finally {
      client.close();
    }
  });
});

interface Called {
  readonly code: grpc.status;
  readonly said: string;
  readonly pushback: readonly unknown[];
}

async function call(client: grpc.Client): Promise<Called> {
  const bytes = (value: Buffer) => value;
  let said = "";
  const made = client.makeUnaryRequest("/test.Echo/Say", bytes, bytes, Buffer.from("hello"), (error, reply) => {
    said = error?.details ?? reply?.toString() ?? "";
  });
  const [{ code, metadata }] = await once(made, "status");
  return { code, said, pushback: metadata.get("grpc-retry-pushback-ms") };
}
