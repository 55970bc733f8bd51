/** Where an operator has raised nginx's buffers, a request may be longer than the sidecar's HTTP server reads: 256 KB. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sendRaw } from "../../support/raw-http.ts";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";

const servers = server("_", `include snippets/lull.conf; location / { proxy_pass http://app; ${APPLICATION} }`);

describe.skipIf(await lacksGate()).each([128, 256].map((kilobytes) => [kilobytes]))(
  "with large_client_header_buffers 4 %ik",
  (kilobytes) => {
    let gate: Gate;
    beforeAll(async () => {
      gate = await startGate({ servers, http: `large_client_header_buffers 4 ${kilobytes}k;` });
      await gate.lull.command("setmaintenance", "on");
    });
    afterAll(() => gate.stop());

    const long = kilobytes * 1024 - 200;
    const uri = `/${"u".repeat(long)}`;
    const host = "h".repeat(long);
    const bearer = `Authorization: Bearer a.b.${"c".repeat(long)}\r\n`;
    const cookie = `Cookie: ${"k".repeat(32_760)}\r\n`;

    test.each([
      ["a bearer", "/", "one.test", bearer],
      ["an address", uri, "one.test", ""],
      ["a host", "/", host, ""],
      ["an address and a bearer", uri, "one.test", bearer],
      ["an address and a host", uri, host, ""],
      ["an address, a host and a bearer", uri, host, bearer],
      ["an address, a bearer and a cookie", uri, "one.test", bearer + cookie],
      ["an address of /.lull/", `/.lull/up?${uri}`, host, bearer],
    ])("%s of that length let nobody in, neither now nor next", async (_, target, name, headers) => {
      const text = `GET ${target} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n${headers}\r\n`;
      const { status } = await sendRaw(gate.address, text);
      expect([400, 404, 414, 503]).toContain(status);
      expect((await gate.visit()).outcome).toBe("held");
      expect(await gate.nginx.errorLog()).not.toMatch(/upstream/);
    });
  },
);
