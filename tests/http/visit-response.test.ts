import { describe, expect, test } from "bun:test";
import { SignJWT } from "jose";
import { insecureCookieName, secureCookieName } from "../../src/gate/bypass.ts";
import type { ReadonlyRule } from "../../src/gate/readonly-rule.ts";
import { openConnection, sendRaw } from "../support/raw-http.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { bypass, key, sealed, token } from "./bypass-builders.ts";
import { type Fixture, type FixtureOptions, request, start, startFixture } from "./sidecar-fixture.ts";

const minute = 60_000;
const groups = (value: string) => ({ header: "x-groups", value });
const staff = {
  blockStaff: false,
  claims: { staff: groups("staff"), superuser: groups("root") },
  tokens: null,
  probe: null,
};
const closed: FixtureOptions = {
  sites: [{ domain: "one.example" }, { id: 2, domain: "two.example" }],
  periods: [{ reason: "secret plan", owner: "kim" }],
  exemptions: [{ kind: "network", value: "10.0.0.0/8" }],
  bypasses: [bypass({ mayBeInsecure: true })],
  bypassKeys: [key],
  config: { staff },
};

type Headers = Readonly<Record<string, string | null>>;

async function ask(sidecar: Fixture, headers: Headers = {}) {
  const visit = { "X-Forwarded-Host": "one.example", "X-Forwarded-Uri": "/.lull/visit.json", ...headers };
  return await sendRaw(sidecar.unix, request("/public", visit));
}

async function told(sidecar: Fixture, headers: Headers = {}): Promise<unknown> {
  return JSON.parse((await ask(sidecar, headers)).text());
}

function answer(site: string, visitor: string, why: string) {
  return { schemaVersion: 1, site, visitor, why };
}

describe("/.lull/visit.json", () => {
  test.each<[string, Headers, string, string]>([
    ["who shows nothing", {}, "held", "period"],
    ["staff by the proxy's word", { "X-Groups": "staff" }, "passes", "staff"],
    ["superusers by the proxy's word", { "X-Groups": "staff, root" }, "passes", "superuser"],
    ["who has the cookie of a bypass", { Cookie: `${secureCookieName}=${sealed()}` }, "passes", "bypass"],
    ["who has an insecure one", { Cookie: `${insecureCookieName}=${sealed()}` }, "passes", "bypass"],
    ["who has a forged one", { Cookie: `${secureCookieName}=${sealed().slice(0, -1)}!` }, "held", "period"],
    ["scripts with a token", { "X-Lull-Bypass": token }, "passes", "bypass"],
    ["who is in an exempt network", { "X-Real-IP": "10.1.2.3" }, "passes", "exempt-network"],
    ["a group that is nobody's", { "X-Groups": "users" }, "held", "period"],
  ])("of a closed site to %s", async (_, headers, visitor, why) => {
    await using sidecar = await startFixture(closed);
    expect(await told(sidecar, headers)).toEqual(answer("closed", visitor, why));
  });

  test.each<[string, FixtureOptions, string, string, string]>([
    ["an open site", { periods: [] }, "open", "passes", "no-period"],
    ["a read-only site", { periods: [{ mode: "readonly" }] }, "readonly", "passes", "readonly-safe-method"],
    ["one that closes in a minute", { periods: [{ start: start + minute }] }, "open", "passes", "no-period"],
    ["one that was closed", { periods: [{ end: start }] }, "open", "passes", "no-period"],
    ["all sites", { periods: [{ siteId: null }] }, "closed", "held", "period"],
    ["another site", { periods: [{ siteId: 2 }] }, "open", "passes", "no-period"],
    ["one that is closed and read-only", { periods: [{}, { mode: "readonly" }] }, "closed", "held", "period"],
  ])("of %s to anybody", async (_, change, site, visitor, why) => {
    await using sidecar = await startFixture({ ...closed, ...change });
    expect(await told(sidecar)).toEqual(answer(site, visitor, why));
  });

  test.each<[string, "exact" | "path" | "pattern", string]>([
    ["itself", "exact", "/.lull/visit.json"],
    ["what is above it", "path", "/.lull"],
    ["everything by a pattern", "pattern", ".*"],
  ])("is held although the site exempts %s", async (_, kind, value) => {
    await using sidecar = await startFixture({ ...closed, exemptions: [{ kind, value }] });
    const check = request("/check/nginx", {
      "X-Forwarded-Host": "one.example",
      "X-Forwarded-Uri": "/.lull/visit.json",
    });
    expect((await sendRaw(sidecar.unix, check)).status).toBe(204);
    expect(await told(sidecar)).toEqual(answer("closed", "held", "period"));
  });

  test.each<[string, string, string]>([
    ["its own, on a path that GET changes, does not matter elsewhere", "/export", "passes"],
    ["one of all paths does", "/", "held"],
  ])("goes by the rules of a read-only site: %s", async (_, path, visitor) => {
    await using sidecar = await startFixture({ ...closed, periods: [{ mode: "readonly" }] });
    const rule: ReadonlyRule = { id: 1, siteId: 1, effect: "unsafe", method: "GET", path };
    const snapshot = sidecar.snapshot({ ...closed, periods: [{ mode: "readonly" }] });
    const [first, ...rest] = snapshot.sites;
    if (first === undefined) throw new Error("there is a site");
    const sites = new Map([[first[0], { ...first[1], readonlyRules: [rule] }], ...rest]);
    sidecar.serving.swap({ ...snapshot, sites });
    expect(await told(sidecar)).toMatchObject({ site: "readonly", visitor });
  });

  test("staff wait where they are blocked, and superusers do not", async () => {
    await using sidecar = await startFixture({ ...closed, policy: { blockStaff: true } });
    expect(await told(sidecar, { "X-Groups": "staff" })).toEqual(answer("closed", "held", "period"));
    expect(await told(sidecar, { "X-Groups": "root" })).toEqual(answer("closed", "passes", "superuser"));
  });

  test("nobody but a trusted peer says who is staff", async () => {
    await using sidecar = await startFixture({ ...closed, config: { staff, trustedProxies: ["unix"] } });
    const visit = { "X-Forwarded-Host": "one.example", "X-Forwarded-Uri": "/.lull/visit.json", "X-Groups": "root" };
    const response = await sendRaw(sidecar.tcp, request("/public", visit));
    expect(JSON.parse(response.text())).toEqual(answer("closed", "held", "period"));
  });

  test("a bypass of another site says nothing here", async () => {
    await using sidecar = await startFixture({ ...closed, periods: [{ siteId: null }] });
    const headers = { "X-Lull-Bypass": token };
    expect(await told(sidecar, { ...headers, "X-Forwarded-Host": "two.example" })).toMatchObject({ visitor: "held" });
    expect(await told(sidecar, headers)).toMatchObject({ visitor: "passes" });
  });

  test("staff by a signed token", async () => {
    await using folder = temporaryFolder();
    const secret = "s".repeat(32);
    const secretFile = folder.file("secret");
    await Bun.write(secretFile, secret);
    const tokens = {
      ...{ keys: "", secretFile, issuer: "", audience: "", algorithms: ["HS256"], cookie: "jwt", clockSkewMs: 0 },
      ...{ staff: { name: "role", value: "staff" }, superuser: null },
    };
    await using sidecar = await startFixture({ ...closed, config: { staff: { ...staff, tokens } } });
    const signed = (role: string, by = secret) =>
      new SignJWT({ role })
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime((start + minute) / 1_000)
        .sign(Buffer.from(by));
    const good = await signed("staff");
    // The keys are read beside everything else.
    while ((await ask(sidecar, { Cookie: `jwt=${good}` })).text().includes("held")) await Bun.sleep(1);
    expect(await told(sidecar, { Authorization: `Bearer ${good}` })).toEqual(answer("closed", "passes", "staff"));
    const others = { "another's": await signed("users"), forged: await signed("staff", "t".repeat(32)) };
    for (const [whose, other] of Object.entries(others)) {
      expect([whose, await told(sidecar, { Cookie: `jwt=${other}` })]).toEqual([
        whose,
        answer("closed", "held", "period"),
      ]);
    }
    sidecar.place({ ...closed, periods: [] });
    expect(await told(sidecar, { Cookie: `jwt=${good}` })).toEqual(answer("open", "passes", "no-period"));
  });

  test("tells nothing else, and nobody keeps it", async () => {
    await using sidecar = await startFixture(closed);
    const response = await ask(sidecar, { "X-Groups": "staff" });
    expect(response.text()).toBe('{"schemaVersion":1,"site":"closed","visitor":"passes","why":"staff"}');
    const names = ["Content-Type", "Cache-Control", "X-Content-Type-Options", "Cross-Origin-Resource-Policy"];
    expect([...names, "Access-Control-Allow-Origin", "X-Lull-Why"].map((name) => response.header(name))).toEqual([
      "application/json;charset=utf-8",
      "private, no-store",
      "nosniff",
      "same-origin",
      null,
      null,
    ]);
    expect(sidecar.logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("is of a GET, for GET and HEAD, and for nothing else", async () => {
    await using sidecar = await startFixture({ ...closed, periods: [{ mode: "readonly" }] });
    await using connection = await openConnection(sidecar.unix);
    const target = { "X-Forwarded-Host": "one.example", "X-Forwarded-Uri": "/.lull/visit.json" };
    for (const [method, status] of [
      ["GET", 200],
      ["HEAD", 200],
      ["POST", 405],
      ["OPTIONS", 405],
      ["get", 405],
    ] as const) {
      const asked = method === "HEAD" ? "HEAD" : "GET";
      connection.send(request("/public", { ...target, "X-Forwarded-Method": method }, asked));
      const response = await connection.receive(asked);
      expect([method, response.status]).toEqual([method, status]);
      expect(response.header("Allow")).toBe(status === 405 ? "GET, HEAD" : null);
    }
  });

  test.each<[string, string, number]>([
    ["with a query", "/.lull/visit.json?x=1", 200],
    ["with a slash more", "/.lull/visit.json/", 404],
    ["with dots", "/.lull/x/../visit.json", 404],
    ["in another case", "/.lull/Visit.json", 404],
  ])("%s", async (_, target, status) => {
    await using sidecar = await startFixture(closed);
    expect((await ask(sidecar, { "X-Forwarded-Uri": target })).status).toBe(status);
  });

  test.each(["open", "closed"] as const)(
    "a host that is nobody's learns nothing: unknown_host is %s",
    async (unknownHost) => {
      await using sidecar = await startFixture({ ...closed, policy: { unknownHost } });
      for (const host of ["x.test", "one.example, two.example", null]) {
        expect((await ask(sidecar, { "X-Forwarded-Host": host })).status).toBe(404);
      }
    },
  );

  test("without a snapshot nothing is claimed", async () => {
    await using sidecar = await startFixture({ empty: true });
    expect((await ask(sidecar)).status).toBe(503);
  });
});
