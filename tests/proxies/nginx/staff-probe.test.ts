/** Staff of a real Django, through a real nginx with the shipped configuration and the compiled sidecar. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type RawAnswer, startRawApplication, status } from "../../staff/raw-application.ts";
import type { DjangoUser } from "../../support/django-site.ts";
import { lacksStaffGate, type StaffGate, startStaffGate } from "./staff-gate.ts";

const lacksIt = await lacksStaffGate();

/** Clicks the button: the answer, and the cookie (`name=value`; empty: none). */
async function click({ site, secure }: StaffGate, user: DjangoUser | null, host = "one.test") {
  const session = user === null ? "" : site.cookies[user];
  const response = await secure("/.lull/staff", { method: "POST", cookie: session, host });
  return { response, session, cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "" };
}

describe.skipIf(lacksIt)("at a closed Django", () => {
  let scene: StaffGate;
  beforeAll(async () => {
    scene = await startStaffGate();
  }, 60_000);
  afterAll(() => scene.stop());

  test.each<[string, DjangoUser, "staff" | "superuser"]>([
    ["staff", "staff", "staff"],
    ["superusers", "superuser", "superuser"],
  ])("%s click, and are in", async (_, user, why) => {
    const session = scene.site.cookies[user];
    expect((await scene.secure("/", { cookie: session })).status).toBe(503);
    const page = await scene.secure("/.lull/staff", { cookie: session });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<form method="post"><button>')]);
    const { response, cookie } = await click(scene, user);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-lull-bypass=v1\.[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=1800$/,
    );
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    const inside = await scene.secure("/", { cookie: `${session}; ${cookie}` });
    expect([inside.status, inside.headers.get("x-lull-why"), await inside.text()]).toEqual([200, why, `hello ${user}`]);
  });

  test.each<[string, DjangoUser | null]>([
    ["nobody in particular", null],
    ["who is logged in, and no staff", "plain"],
    ["who was staff", "inactive"],
  ])("a visitor is not: %s", async (_, user) => {
    const { response, session } = await click(scene, user);
    expect([response.status, response.headers.get("set-cookie")]).toEqual([403, null]);
    expect(await response.text()).toContain("<h1>You are not logged in as staff here</h1>");
    expect((await scene.secure("/", { cookie: session })).status).toBe(503);
  });

  test.each<[string, string, Record<string, string>]>([
    ["a session that is nobody's", "sessionid=abcdefghijklmnopqrstuvwxyz012345", {}],
    ["words", "is_staff=1; user=admin; sessionid=staff", {}],
    ["a user's name in headers", "sessionid=x", { "Remote-User": "staff", "X-Forwarded-User": "staff" }],
    ["a name and a password", "sessionid=x", { Authorization: `Basic ${btoa("staff:staff")}` }],
    ["a forged bypass", "__Host-lull-bypass=v1.1.1.9999999999999.1.x", {}],
    ["8 KB of cookies", `sessionid=${"x".repeat(7_900)}`, {}],
    ["another method in a header", "sessionid=x", { "X-HTTP-Method-Override": "POST" }],
    ["another host in headers", "sessionid=x", { "X-Forwarded-Host": "127.0.0.1", Forwarded: "host=127.0.0.1" }],
    ["an address of its own", "sessionid=x", { "X-Forwarded-Uri": "/admin/", "X-Original-URL": "/admin/login/" }],
  ])("a visitor is not, with %s", async (_, cookie, headers) => {
    const response = await scene.secure("/.lull/staff", { method: "POST", cookie, headers });
    expect([response.status, response.headers.get("set-cookie")]).toEqual([403, null]);
    expect((await scene.secure("/", { cookie, headers })).status).toBe(503);
  });

  test("the cookie is for one site, and of no use when it is changed", async () => {
    const { cookie } = await click(scene, "staff");
    expect((await scene.secure("/", { cookie })).status).toBe(200);
    expect((await scene.secure("/", { cookie, host: "127.0.0.1" })).status).toBe(503);
    const [name, version, id, site, expires, key, mac] = cookie.split(/[=.]/);
    const forged = [
      [version, id, 1, expires, key, mac],
      [version, id, site, Number(expires) + 1_000, key, mac],
      [version, Number(id) + 1, site, expires, key, mac],
      [version, id, site, expires, key, mac?.split("").toReversed().join("")],
    ].map((parts) => `${name}=${parts.join(".")}`);
    for (const each of forged) {
      expect((await scene.secure("/", { cookie: each, host: "127.0.0.1" })).status).toBe(503);
      expect((await scene.secure("/", { cookie: each })).status).toBe(503);
    }
    expect((await scene.secure("/", { cookie: cookie.replace("__Host-", "") })).status).toBe(503);
  });

  test("over plain http nobody is let in, nor asked for", async () => {
    const { response } = await scene.gate.visit({
      method: "POST",
      target: "/.lull/staff",
      headers: [`Cookie: ${scene.site.cookies.staff}`, "X-Forwarded-Proto: https"],
    });
    expect([response.status, response.header("set-cookie")]).toEqual([400, null]);
    expect(response.text()).toContain("needs https");
  });

  test("who clicks twice in a second is told to wait", async () => {
    const ask = () =>
      scene.secure("/.lull/staff", { method: "POST", cookie: scene.site.cookies.plain, client: "198.51.100.1" });
    const answers = [await ask(), await ask()];
    expect(answers.map((answer) => [answer.status, answer.headers.get("retry-after")])).toEqual([
      [403, null],
      [429, "1"],
    ]);
  });

  test("one row stands for all staff, and to revoke it throws them out at once", async () => {
    const first = await click(scene, "staff");
    const second = await click(scene, "staff");
    const list = async () => JSON.parse(await scene.gate.lull.command("bypass", "list", "--json")).bypasses;
    const rows = (await list()).filter(({ standing }: { readonly standing: string }) => standing === "staff");
    expect(rows).toMatchObject([{ siteId: null, label: "staff probe", redeemed: null }]);
    const { cookie: superuser } = await click(scene, "superuser");
    await scene.gate.lull.command("bypass", "revoke", String(rows[0].id));
    for (const { cookie } of [first, second]) expect((await scene.secure("/", { cookie })).status).toBe(503);
    expect((await scene.secure("/", { cookie: superuser })).status).toBe(200);
    const again = await click(scene, "staff");
    expect((await scene.secure("/", { cookie: again.cookie })).headers.get("x-lull-why")).toBe("staff");
    const audit = await scene.gate.lull.command("audit");
    expect(audit).toMatch(/staff probe +bypass\.create/);
  });

  test("no session and no cookie stands in lull's log", async () => {
    const { session, cookie } = await click(scene, "staff");
    const log = (await scene.gate.sidecar?.log()) ?? "";
    expect(log).toContain('"staff-entered"');
    for (const secret of [session.slice(-32), cookie.slice(-43)]) expect(log).not.toContain(secret);
  });
});

describe.skipIf(lacksIt)("with block_staff", () => {
  test("staff wait outside, and superusers come in", async () => {
    await using scene = await startStaffGate({ block_staff: "true" });
    const staff = await click(scene, "staff");
    expect([staff.response.status, staff.cookie]).toEqual([403, ""]);
    expect(await staff.response.text()).toContain("<h1>Staff wait outside now</h1>");
    const { cookie } = await click(scene, "superuser");
    expect((await scene.secure("/", { cookie })).headers.get("x-lull-why")).toBe("superuser");
  }, 60_000);

  test("staff who are in already are out when it is set", async () => {
    await using scene = await startStaffGate();
    const { cookie } = await click(scene, "staff");
    expect((await scene.secure("/", { cookie })).status).toBe(200);
    await Bun.write(`${scene.gate.folder}/lull.toml`, "block_staff = true\n");
    scene.gate.sidecar?.kill("SIGHUP");
    while ((await scene.secure("/", { cookie })).status !== 503) await Bun.sleep(10);
    expect((await click(scene, "staff")).response.status).toBe(403);
  }, 60_000);
});

describe.skipIf(lacksIt)("an application that is no help lets nobody in", () => {
  test.each<[string, RawAnswer, number]>([
    ["it answers 200 to everybody", (socket) => void socket.end(status("200 OK")), 503],
    ["it answers 200 to any cookie", toAnyCookie, 503],
    ["it limits requests, and answers 200 otherwise", everySecondTime(), 503],
    ["it says nothing", () => {}, 503],
    ["it closes", (socket) => void socket.end(), 503],
    ["it talks nonsense", (socket) => void socket.end("200 OK, come in\r\n\r\n"), 503],
    ["it has no such page", (socket) => void socket.end(status("404 Not Found")), 503],
    ["it breaks", (socket) => void socket.end(status("500 Internal Server Error")), 503],
    ["it sends everybody to a page that is 200", (socket) => void socket.end(redirect), 403],
    ["it answers 204", (socket) => void socket.end("HTTP/1.1 204 No Content\r\n\r\n"), 403],
  ])(
    "%s, and checks go on",
    async (_, answer, code) => {
      await using application = startRawApplication(answer);
      await using scene = await startStaffGate({}, application.origin);
      const asks = [click(scene, "staff"), click(scene, "superuser")];
      // Nobody's check waits for it.
      for (let visit = 0; visit < 10; visit++) expect((await scene.secure("/")).status).toBe(503);
      for (const { response, cookie } of await Promise.all(asks)) {
        expect([response.status, cookie]).toEqual([code, ""]);
        expect(response.headers.get("content-type")).toStartWith("text/html");
      }
    },
    60_000,
  );
});

const redirect = status("302 Found", "Location: /.lull/up\r\n");

function toAnyCookie(socket: Parameters<RawAnswer>[0], request: string): void {
  socket.end(/^cookie:/im.test(request) ? status("200 OK") : status("302 Found", "Location: /?cookie\r\n"));
}

function everySecondTime(): RawAnswer {
  let times = 0;
  return (socket) => void socket.end(times++ % 2 === 0 ? status("200 OK") : status("429 Too Many Requests"));
}
