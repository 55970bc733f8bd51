import { describe, expect, test } from "bun:test";
import { LullError } from "../../src/gate/error.ts";
import type { Redemption } from "../../src/store/bypasses.ts";
import { sendRaw } from "../support/raw-http.ts";
import { bypass, key, sealed, token } from "./bypass-builders.ts";
import { type Fixture, type FixtureOptions, request, startFixture } from "./sidecar-fixture.ts";

const two = {
  sites: [
    { id: 1, domain: "one.example", name: "The <shop>" },
    { id: 2, domain: "two.example" },
  ],
  periods: [{ siteId: null }],
  bypassKeys: [key],
};
const link = `/.lull/bypass/${token}`;

interface Scene extends AsyncDisposable {
  readonly sidecar: Fixture;
  /** What the database was asked to write. */
  readonly redeemed: readonly Redemption[];
  ask(method: string, headers?: Readonly<Record<string, string | null>>): ReturnType<typeof sendRaw>;
}

async function scene(options: FixtureOptions): Promise<Scene> {
  const redeemed: Redemption[] = [];
  const sidecar = await startFixture({
    ...two,
    redeem: async (redemption) => {
      redeemed.push(redemption);
      return "redeemed";
    },
    ...options,
  });
  const base = { "X-Forwarded-Host": "one.example", "X-Forwarded-Uri": link, "X-Forwarded-Proto": "https" };
  return {
    sidecar,
    redeemed,
    ask: (method, headers = {}) => {
      // As lull.conf does it.
      const asked = method === "HEAD" ? "HEAD" : "GET";
      const all = { ...base, "X-Forwarded-Method": method, ...headers };
      return sendRaw(sidecar.unix, request("/public", all, asked));
    },
    [Symbol.asyncDispose]: () => sidecar[Symbol.asyncDispose](),
  };
}

const over = /<h1>This link does not work<\/h1>/;

describe("the link of a bypass", () => {
  test("shows one button, however often and whoever looks, and uses nothing up", async () => {
    await using shown = await scene({ bypasses: [bypass({ isSingleUse: true })] });
    for (let look = 0; look < 20; look++) {
      const response = await shown.ask("GET");
      expect(response.status).toBe(200);
      expect(response.text().split("<form").length).toBe(2);
      expect(response.text()).toContain('<form method="post"><button>Enter</button></form>');
      const head = await shown.ask("HEAD");
      expect([head.status, head.header("Set-Cookie"), head.header("Content-Length")]).toEqual([
        200,
        null,
        response.header("Content-Length"),
      ]);
    }
    expect(shown.redeemed).toEqual([]);
    expect((await shown.ask("POST")).status).toBe(303);
  });

  test("says no more than it must, to nobody else, and loads nothing", async () => {
    await using shown = await scene({ bypasses: [bypass()] });
    const response = await shown.ask("GET");
    const html = response.text();
    const names = ["Cache-Control", "Referrer-Policy", "Content-Type", "X-Content-Type-Options", "Content-Language"];
    expect(names.map((name) => response.header(name))).toEqual([
      "no-store",
      "no-referrer",
      "text/html; charset=utf-8",
      "nosniff",
      "en",
    ]);
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? "";
    const hash = new Bun.CryptoHasher("sha256").update(style).digest("base64");
    expect(response.header("Content-Security-Policy")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'self' https: http:; frame-ancestors 'none'`,
    );
    expect(html).toContain("The &lt;shop&gt;");
    expect(html).toContain("Until 20 November 2026 at 10:00 UTC.");
    for (const secret of [token, "QA", key.secret, "<script", "src=", "http:"]) expect(html).not.toContain(secret);
    expect(html).not.toContain("works once");
  });

  test("is redeemed by the button: a cookie, and on to the path", async () => {
    await using shown = await scene({ bypasses: [bypass({ path: "/café au lait" })] });
    shown.sidecar.clock.elapsedMs = 500;
    const response = await shown.ask("POST");
    expect([response.status, response.header("Location")]).toEqual([303, "/caf%C3%A9%20au%20lait"]);
    expect(response.header("Set-Cookie")).toBe(
      `__Host-lull-bypass=${sealed()}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600`,
    );
    expect([response.header("Cache-Control"), response.header("Referrer-Policy"), response.body.length]).toEqual([
      "no-store",
      "no-referrer",
      0,
    ]);
    expect(shown.redeemed).toEqual([{ id: 5, siteId: 1 }]);
  });

  test("of all sites gives a cookie for the site where it is redeemed", async () => {
    await using shown = await scene({ bypasses: [bypass({ siteId: null })] });
    const response = await shown.ask("POST", { "X-Forwarded-Host": "two.example" });
    expect(response.header("Set-Cookie")).toStartWith(`__Host-lull-bypass=${sealed({ siteId: null }, 2)};`);
    expect(shown.redeemed).toEqual([{ id: 5, siteId: 2 }]);
  });

  test("lets in who was given the cookie, and marks the answer of the check", async () => {
    await using shown = await scene({ bypasses: [bypass()] });
    const cookie = (await shown.ask("POST")).header("Set-Cookie")?.split(";")[0] ?? "";
    const check = (headers: Readonly<Record<string, string>>) =>
      sendRaw(shown.sidecar.unix, request("/check/nginx", { "X-Forwarded-Host": "one.example", ...headers }));
    for (const headers of [{ Cookie: cookie }, { "X-Lull-Bypass": token }]) {
      const passed = await check(headers);
      expect([passed.status, passed.header("X-Lull"), passed.body.length]).toEqual([204, "bypass", 0]);
      expect((await check({ ...headers, Connection: "close" })).header("Connection")).toBe("close");
    }
    expect((await check({})).status).toBe(403);
    // An open site asks nobody who they are.
    shown.sidecar.place({ ...two, periods: [], bypasses: [bypass()] });
    expect((await check({ Cookie: cookie })).headers.map(([name]) => name)).toEqual(["Date"]);
  });

  test.each<[string, FixtureOptions, Record<string, string | null>]>([
    ["another token", {}, { "X-Forwarded-Uri": `/.lull/bypass/${"b".repeat(43)}` }],
    ["no token", {}, { "X-Forwarded-Uri": "/.lull/bypass/" }],
    ["a shorter one", {}, { "X-Forwarded-Uri": link.slice(0, -1) }],
    ["a longer one", {}, { "X-Forwarded-Uri": `${link}a` }],
    ["a slash behind it", {}, { "X-Forwarded-Uri": `${link}/` }],
    ["a dot behind it", {}, { "X-Forwarded-Uri": `${link}.` }],
    ["other capitals", {}, { "X-Forwarded-Uri": link.replace("aaa", "aAa") }],
    ["a token that is its hash", {}, { "X-Forwarded-Uri": `/.lull/bypass/${bypass().tokenHash}` }],
    ["another site's", {}, { "X-Forwarded-Host": "two.example" }],
    ["nobody's host", { policy: { unknownHost: "closed" } }, { "X-Forwarded-Host": "three.example" }],
    ["a host that cannot be read", {}, { "X-Forwarded-Host": null }],
    ["an expired one", { bypasses: [bypass({ expires: Date.UTC(2026, 10, 20, 9) })] }, {}],
    ["one that was used already", { bypasses: [bypass({ isSingleUse: true, redeemed: 1 })] }, {}],
    ["one that was revoked", { bypasses: [] }, {}],
  ])("does not work, which a page says with 404: %s", async (_, options, headers) => {
    await using shown = await scene({ bypasses: [bypass()], ...options });
    for (const method of ["GET", "POST"]) {
      const response = await shown.ask(method, headers);
      expect([response.status, response.header("Set-Cookie")]).toEqual([404, null]);
      expect(response.text()).toMatch(over);
      expect(response.header("Cache-Control")).toBe("no-store");
    }
    expect(shown.redeemed).toEqual([]);
  });

  test.each(["gone", "used"] as const)("does not work either when the database knows better: %s", async (outcome) => {
    await using shown = await scene({ bypasses: [bypass()], redeem: async () => outcome });
    const response = await shown.ask("POST");
    expect([response.status, response.header("Set-Cookie")]).toEqual([404, null]);
    expect(response.text()).toMatch(over);
  });

  test.each([
    ["//", `/.lull//bypass/${token}`],
    ["dots", `/.lull/x/../bypass/${token}`],
    ["an encoded slash", `/.lull/bypass%2f${token}`],
    ["dots behind it", `${link}/..`],
    ["a semicolon", `${link};a`],
    ["capitals", `/.LULL/bypass/${token}`],
  ])("is not there at an address with two readings: %s", async (_, uri) => {
    await using shown = await scene({ bypasses: [bypass()] });
    const response = await shown.ask("POST", { "X-Forwarded-Uri": uri });
    expect([response.status, response.header("Set-Cookie")]).toEqual([404, null]);
    expect(shown.redeemed).toEqual([]);
  });

  test.each([
    ["what a mail program adds", `${link}?utm_source=mail`],
    ["letters that were escaped on the way", link.replace("aaa", "a%61a")],
  ])("survives %s", async (_, uri) => {
    await using shown = await scene({ bypasses: [bypass()] });
    expect((await shown.ask("POST", { "X-Forwarded-Uri": uri })).status).toBe(303);
  });

  test.each(["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", "post", "FOO"])(
    "has no %s",
    async (method) => {
      await using shown = await scene({ bypasses: [bypass()] });
      const response = await shown.ask(method);
      expect([response.status, response.header("Allow"), response.header("Set-Cookie")]).toEqual([
        405,
        "GET, HEAD, POST",
        null,
      ]);
      expect(shown.redeemed).toEqual([]);
    },
  );
});

describe("over plain http", () => {
  const schemes = ["http", null, "", "https, http", "HTTPS"] as const;

  test.each(schemes)("a link is refused, and not used up: %j", async (scheme) => {
    await using shown = await scene({ bypasses: [bypass({ isSingleUse: true })] });
    const response = await shown.ask("POST", { "X-Forwarded-Proto": scheme });
    expect([response.status, response.header("Set-Cookie"), shown.redeemed.length]).toEqual([400, null, 0]);
    expect(response.text()).toContain("<h1>This link needs https</h1>");
    expect((await shown.ask("POST")).status).toBe(303);
  });

  test("a link that may be insecure gives a cookie that browsers take", async () => {
    await using shown = await scene({ bypasses: [bypass({ mayBeInsecure: true })] });
    const response = await shown.ask("POST", { "X-Forwarded-Proto": "http" });
    expect([response.status, response.header("Set-Cookie")]).toEqual([
      303,
      `lull-bypass=${sealed()}; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600`,
    ]);
    expect((await shown.ask("POST")).header("Set-Cookie")).toStartWith("__Host-lull-bypass=");
  });
});

describe("while the database is away", () => {
  const away = async () => {
    throw new LullError("unreachable", "database /x does not answer");
  };

  test.each([
    ["it does not answer", { redeem: away }, "bypass-not-redeemed"],
    [
      "a bug of ours",
      {
        redeem: async () => {
          throw new Error("broken on purpose");
        },
      },
      "bug",
    ],
    ["there is no key", { bypassKeys: [] }, null],
    ["there is no snapshot", { empty: true }, null],
  ])("a link is 503 with Retry-After, which a page says: %s", async (_, options, event) => {
    await using shown = await scene({ bypasses: [bypass()], ...options });
    const response = await shown.ask("POST");
    expect([response.status, response.header("Retry-After"), response.header("Set-Cookie")]).toEqual([503, "60", null]);
    expect(response.text()).toContain("the database does not answer");
    expect(shown.redeemed).toEqual([]);
    const logged = shown.sidecar.logged.filter(({ level }) => level !== "info");
    expect(logged.map((line) => line["event"])).toEqual(event === null ? [] : [event]);
    expect(JSON.stringify(shown.sidecar.logged)).not.toContain(token);
  });

  test("who is in stays in, and the page is shown", async () => {
    await using shown = await scene({ bypasses: [bypass()], redeem: away });
    const headers = { "X-Forwarded-Host": "one.example", Cookie: `__Host-lull-bypass=${sealed()}` };
    expect((await sendRaw(shown.sidecar.unix, request("/check/nginx", headers))).status).toBe(204);
    expect((await shown.ask("GET")).status).toBe(200);
  });
});

test("nobody waits for who redeems", async () => {
  const slow = Promise.withResolvers<"redeemed">();
  await using shown = await scene({ bypasses: [bypass()], redeem: () => slow.promise });
  const pending = shown.ask("POST");
  for (let visit = 0; visit < 20; visit++) {
    expect((await sendRaw(shown.sidecar.unix, request("/check/nginx"))).status).toBe(403);
  }
  slow.resolve("redeemed");
  expect((await pending).status).toBe(303);
});
