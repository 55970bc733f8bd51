import { describe, expect, test } from "bun:test";
import { once } from "node:events";
import { chownSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { type Address, openConnection, sendRaw } from "../support/raw-http.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { request, startFixture } from "./sidecar-fixture.ts";
import { startSidecarProcess } from "./sidecar-process.ts";

async function instanceAt(address: Address): Promise<string> {
  return JSON.parse((await sendRaw(address, request("/healthz"))).text()).instance;
}

describe("a unix socket", () => {
  test("has the configured mode, and no other name is left", async () => {
    await using sidecar = await startFixture({ config: { socketMode: 0o600 } });
    expect(statSync(`${sidecar.folder}/lull.sock`).mode & 0o777).toBe(0o600);
    expect(readdirSync(sidecar.folder)).toEqual(["lull.sock"]);
  });

  test("that a killed process left is replaced", async () => {
    await using folder = temporaryFolder();
    const address = `unix:${folder.file("lull.sock")}`;
    await using first = await startSidecarProcess("first", "plain", [address]);
    first.kill("SIGKILL");
    await first.exited;
    expect(readdirSync(folder.path)).toEqual(["lull.sock"]);
    await using second = await startSidecarProcess("second", "plain", [address]);
    expect(second.addresses).toEqual([address]);
    expect(await instanceAt({ unix: folder.file("lull.sock") })).toBe("second");
  });

  test("that is in use is refused in one line, and its owner goes on", async () => {
    await using folder = temporaryFolder();
    const address = `unix:${folder.file("lull.sock")}`;
    await using _first = await startSidecarProcess("first", "plain", [address]);
    await using second = await startSidecarProcess("second", "plain", ["127.0.0.1:0", address]);
    expect(second.refusal).toBe(`${address} is already in use; to replace a running sidecar: lull serve --takeover`);
    expect(await second.exited).toBe(1);
    expect(await instanceAt({ unix: folder.file("lull.sock") })).toBe("first");
  });

  test.each([
    ["a file that is no socket is left alone", "lull.sock", "there is a file that is not a socket"],
    ["a folder that is missing is named", "missing/folder/lull.sock", "its folder does not exist"],
  ])("%s", async (_, name, why) => {
    await using folder = temporaryFolder();
    await Bun.write(folder.file("lull.sock"), "precious");
    await using sidecar = await startSidecarProcess("x", "plain", [`unix:${folder.file(name)}`]);
    expect(sidecar.refusal).toStartWith(`unix:${folder.file(name)} cannot be listened on: ${why}`);
    expect(await Bun.file(folder.file("lull.sock")).text()).toBe("precious");
  });
});

describe("a unix socket's place", () => {
  test("is made where only its folder is missing: /run is empty after every boot", async () => {
    await using folder = temporaryFolder();
    await using sidecar = await startSidecarProcess("x", "plain", [`unix:${folder.file("missing/lull.sock")}`]);
    expect(sidecar.addresses).not.toBeNull();
    expect(statSync(folder.file("missing")).mode & 0o777).toBe(0o755);
  });

  test.skipIf(process.getuid?.() !== 0)(
    "keeps the group of the socket that is taken over (as root, who may give files away)",
    async () => {
      await using folder = temporaryFolder();
      const path = folder.file("lull.sock");
      await using first = await startSidecarProcess("first", "plain", [`unix:${path}`]);
      expect(first.addresses).not.toBeNull();
      chownSync(path, 0, 33);
      await using second = await startSidecarProcess("second", "takeover", [`unix:${path}`]);
      expect(second.addresses).not.toBeNull();
      expect(statSync(path).gid).toBe(33);
    },
  );
});

describe("a TCP port", () => {
  test("that is in use is refused, be it by lull or by another program", async () => {
    await using sidecar = await startSidecarProcess("first", "plain", ["127.0.0.1:0"]);
    const address = sidecar.addresses?.[0] ?? "";
    await using second = await startSidecarProcess("second", "plain", [address]);
    expect(second.refusal).toBe(`${address} is already in use; to replace a running sidecar: lull serve --takeover`);
    const other = createServer((socket) => socket.end("SSH-2.0-x\r\n")).listen(0, "127.0.0.1");
    await once(other, "listening");
    const bound = other.address();
    const taken = `127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`;
    for (const takeover of ["plain", "takeover"] as const) {
      await using third = await startSidecarProcess("third", takeover, [taken]);
      expect(third.refusal).toStartWith(`${taken} is `);
      expect(third.refusal).toContain("in use");
    }
    other.close();
  });

  test("on all addresses of both families takes mapped clients for what they are", async () => {
    await using sidecar = await startFixture({
      config: { listen: ["[::]:0"] },
      periods: [{ owner: "kim" }],
      exemptions: [{ kind: "network", value: "10.0.0.0/8" }],
    });
    const port = Number(sidecar.server.addresses[0]?.split("]:")[1]);
    const status = await sendRaw({ host: "127.0.0.1", port }, request("/status"));
    expect(status.text()).toContain('"owner":"kim"');
    const check = request("/check/nginx", { "X-Real-IP": "10.1.1.1" });
    expect((await sendRaw({ host: "127.0.0.1", port }, check)).status).toBe(204);
  });
});

describe("draining", () => {
  test("tells everybody to come back on a new connection, then closes; twice is once", async () => {
    await using sidecar = await startFixture({ drainMs: 300, periods: [{}] });
    await using kept = await openConnection(sidecar.unix);
    await using idle = await openConnection(sidecar.tcp);
    kept.send(request("/check/nginx"));
    expect((await kept.receive()).header("Connection")).toBeNull();
    idle.send(request("/healthz"));
    await idle.receive();
    const drained = Promise.all([sidecar.server.drain(), sidecar.server.drain()]);
    for (const path of ["/check/nginx", "/answer", "/healthz", "/nothing"]) {
      expect((await sendRaw(sidecar.unix, request(path))).header("Connection")).toBe("close");
    }
    expect((await sendRaw(sidecar.unix, request("/readyz"))).text()).toBe("not ready: stopping\n");
    kept.send(request("/check/nginx"));
    const last = await kept.receive();
    expect([last.status, last.header("Connection"), last.header("X-Lull")]).toEqual([403, "close", "closed"]);
    await drained;
    await expect(idle.receive()).rejects.toThrow("connection closed");
    await expect(openConnection(sidecar.unix)).rejects.toThrow("ECONNREFUSED");
  });

  test("ends 0 within 5 s, with a client that never finishes its request", async () => {
    await using folder = temporaryFolder();
    await using sidecar = await startSidecarProcess("x", "plain", [`unix:${folder.file("s")}`]);
    await using slow = await openConnection({ unix: folder.file("s") });
    slow.send("GET /check/nginx HTTP/1.1\r\nHost: x\r\n");
    const started = performance.now();
    sidecar.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

/** Asks without a pause on connections that are kept until told otherwise, as a proxy does. */
async function ask(address: Address, until: () => boolean): Promise<{ held: number; other: string[] }> {
  const other: string[] = [];
  let held = 0;
  let connection = await openConnection(address);
  while (!until()) {
    try {
      connection.send(request("/check/nginx"));
      const response = await connection.receive();
      if (response.status === 403 && response.header("X-Lull") === "closed") held++;
      else other.push(String(response.status));
      if (response.header("Connection") !== "close") continue;
    } catch (error) {
      other.push(String(error));
    }
    await connection.close();
    connection = await openConnection(address);
  }
  await connection.close();
  return { held, other };
}

describe("takeover", () => {
  test("three times in a row, under load, on a unix socket and a port: nobody gets anything but the verdict", async () => {
    await using folder = temporaryFolder();
    await using processes = new AsyncDisposableStack();
    const unix = `unix:${folder.file("lull.sock")}`;
    let current = processes.use(await startSidecarProcess("0", "plain", [unix, "127.0.0.1:0"]));
    const tcp = current.addresses?.[1] ?? "";
    let done = false;
    const places: Address[] = [
      { unix: folder.file("lull.sock") },
      { host: "127.0.0.1", port: Number(tcp.split(":")[1]) },
    ];
    const load = [...places, ...places].map((place) => ask(place, () => done));
    for (let turn = 1; turn <= 3; turn++) {
      const next = processes.use(await startSidecarProcess(String(turn), "takeover", [unix, tcp]));
      expect(next.addresses).toEqual([unix, tcp]);
      expect(await current.exited).toBe(0);
      current = next;
      for (const place of places) expect(await instanceAt(place)).toBe(String(turn));
    }
    done = true;
    for (const { held, other } of await Promise.all(load)) {
      expect(other).toEqual([]);
      expect(held).toBeGreaterThan(100);
    }
    expect(readdirSync(folder.path)).toEqual(["lull.sock"]);
  }, 30_000);

  test("of nobody is a plain start", async () => {
    await using folder = temporaryFolder();
    const unix = `unix:${folder.file("lull.sock")}`;
    await using sidecar = await startSidecarProcess("x", "takeover", [unix]);
    expect(sidecar.addresses).toEqual([unix]);
  });

  test("of something that is not lull is refused", async () => {
    const other = Bun.serve({ port: 0, hostname: "127.0.0.1", reusePort: true, fetch: () => new Response("hello") });
    await using sidecar = await startSidecarProcess("x", "takeover", [`127.0.0.1:${other.port}`]);
    expect(sidecar.refusal).toContain("is in use by something that is not lull");
    await other.stop(true);
  });

  test("of another machine's or container's lull is refused: its process id means nothing here", async () => {
    await using first = await startFixture();
    await using sidecar = await startSidecarProcess("x", "takeover", [first.server.addresses[0] ?? ""]);
    expect(sidecar.refusal).toContain("another container or machine");
  });
});
