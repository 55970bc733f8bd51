/** Who is let into a closed site by what he shows, in every dialect. */
import { describe, expect, test } from "bun:test";
import { startKeyServer } from "../../staff/key-server.ts";
import { keySet, sign, signer, tokenSettings } from "../../staff/token-builders.ts";
import { sendRaw } from "../../support/raw-http.ts";
import { bypass, key, sealed, token } from "../bypass-builders.ts";
import { startFixture } from "../sidecar-fixture.ts";
import { ask, askers, type Change } from "./askers.ts";
import { closedHost, outcome, two } from "./two-sites.ts";

describe.each(askers.map((asker) => [asker.name, asker] as const))("%s", (_, asker) => {
  const groups = (value: string) => ({ header: "x-groups", value });
  const claims = { staff: groups("staff"), superuser: groups("root") };

  test.each<[string, Change, string | null]>([
    ["a bypass by its cookie", { headers: { Cookie: `a=b; __Host-lull-bypass=${sealed({}, 2)}` } }, "bypass"],
    ["a bypass by its token", { headers: { "X-Lull-Bypass": token } }, "bypass"],
    ["a cookie of another site", { headers: { Cookie: `__Host-lull-bypass=${sealed({ siteId: 1 }, 1)}` } }, null],
    ["a cookie that is no cookie", { headers: { Cookie: "__Host-lull-bypass=v1.5.2.1.1.x" } }, null],
    ["staff of the proxy's claim", { configured: { "X-Groups": "users, staff" } }, "staff"],
    ["superusers of the proxy's claim", { configured: { "X-Groups": "root" } }, "superuser"],
    ["others of the proxy's claim", { configured: { "X-Groups": "users" } }, null],
    ["an exempt network", { client: "10.1.2.3" }, "exempt-network"],
    ["an exempt path, which says nothing of who asks", { target: "/admin" }, ""],
  ])("who passes is told as whom: %s", async (_, change, why) => {
    const staff = { blockStaff: false, claims, tokens: null, probe: null };
    const bypasses = [bypass({ siteId: null })];
    await using sidecar = await startFixture({ ...two, bypasses, bypassKeys: [key], config: { staff } });
    const response = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, ...change }));
    expect(outcome(asker, response)).toBe(why === null ? "held" : "passes");
    if (why === null) return;
    const told = why === "" ? [null, null] : ["bypass", why];
    expect([response.header("X-Lull"), response.header("X-Lull-Why")]).toEqual(told);
  });

  test("claims count only from a trusted peer", async () => {
    const staff = { blockStaff: false, claims, tokens: null, probe: null };
    await using sidecar = await startFixture({ ...two, config: { staff, trustedProxies: ["unix"] } });
    const request = ask(asker, { ...closedHost, configured: { "X-Groups": "root" } });
    expect(outcome(asker, await sendRaw(sidecar.unix, request))).toBe("passes");
    expect(outcome(asker, await sendRaw(sidecar.tcp, request))).toBe("held");
  });

  test("staff by a signed token, and a token with another signature", async () => {
    const rsa = signer("RS256", "rsa");
    await using server = startKeyServer(keySet(rsa.published));
    const tokens = tokenSettings({ keys: server.url });
    const staff = { blockStaff: false, claims: { staff: null, superuser: null }, tokens, probe: null };
    await using sidecar = await startFixture({ ...two, config: { staff } });
    const signed = await sign(rsa);
    const show = (shown: string) =>
      sendRaw(sidecar.unix, ask(asker, { ...closedHost, headers: { Authorization: `Bearer ${shown}` } }));
    const passed = await show(signed);
    expect([outcome(asker, passed), passed.header("X-Lull-Why")]).toEqual(["passes", "staff"]);
    expect(outcome(asker, await show(signed.replace(/[^.]+$/, "AAAA")))).toBe("held");
  });

  test("who is known to be held stays held when it cannot be found out what the token shows", async () => {
    const rsa = signer("RS256", "rsa");
    await using server = startKeyServer(keySet(rsa.published));
    const tokens = tokenSettings({ keys: server.url });
    const staff = { blockStaff: false, claims: { staff: null, superuser: null }, tokens, probe: null };
    await using sidecar = await startFixture({ ...two, config: { staff }, remindEveryMs: 60_000 });
    const broken = sidecar.snapshot(two);
    const { sites } = broken;
    let looks = 0;
    sidecar.serving.swap(broken);
    Object.defineProperty(broken, "sites", {
      get() {
        if (++looks > 1) throw new Error("broken on purpose");
        return sites;
      },
    });
    const headers = { Authorization: `Bearer ${await sign(rsa)}` };
    expect(outcome(asker, await sendRaw(sidecar.unix, ask(asker, { ...closedHost, headers })))).toBe("held");
    expect(sidecar.logged).toContainEqual(expect.objectContaining({ level: "error", event: "bug" }));
  });
});
