import { describe, expect, test } from "bun:test";
import { cannotBeAsked } from "../../src/staff/network-words.ts";
import { askApplication } from "../../src/staff/probe-request.ts";
import { selfSigned } from "../proxies/nginx/self-signed.ts";
import { needProgram } from "../support/debian.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startRawApplication } from "./raw-application.ts";

const lacksOpenssl = (await needProgram("openssl")) === null;
const ask = (url: string) => askApplication({ url, host: "one.test", cookie: null, headers: [] });
const silent = (why: string) => ({ kind: "silent", why: `cannot be asked${why}` }) as const;
const untrusted =
  ": its certificate is not trusted; start lull with NODE_EXTRA_CA_CERTS=FILE, which holds its authority's";

describe("what the network says", () => {
  test("nobody listens", async () => {
    const gone = startRawApplication(() => {});
    await gone[Symbol.asyncDispose]();
    expect(await ask(gone.origin)).toEqual(silent(": nobody listens there (ECONNREFUSED)"));
  });

  test("no such host", async () => {
    expect(await ask("http://no-such-host.invalid/")).toEqual(silent(": no such host name (ENOTFOUND)"));
  });

  test("plain http where https is asked for", async () => {
    await using plain = startRawApplication((socket) => void socket.end());
    using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("") });
    expect(await ask(`https://127.0.0.1:${server.port}/`)).toEqual(silent(": it speaks no https here (EPROTO)"));
    expect(await ask(plain.origin)).toEqual(silent(": the connection was closed (ECONNRESET)"));
  });

  test.skipIf(lacksOpenssl)("a certificate that nobody vouches for", async () => {
    await using folder = temporaryFolder();
    const { certificate, key } = await selfSigned(folder.path, "/CN=127.0.0.1");
    const tls = { cert: Bun.file(certificate), key: Bun.file(key) };
    using server = Bun.serve({ hostname: "127.0.0.1", port: 0, tls, fetch: () => new Response("") });
    expect(await ask(`https://127.0.0.1:${server.port}/`)).toEqual(
      silent(`${untrusted} (DEPTH_ZERO_SELF_SIGNED_CERT)`),
    );
  });
});

test.each([
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", untrusted],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", untrusted],
  ["SELF_SIGNED_CERT_IN_CHAIN", untrusted],
  ["CERT_HAS_EXPIRED", ": its certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", ": its certificate is for another host name"],
  ["Malformed_HTTP_Response", ""],
  ["toString", ""],
])("%s is said with its code", (code, why) => {
  expect(cannotBeAsked(Object.assign(new Error("x"), { code }))).toBe(`cannot be asked${why} (${code})`);
});
