import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openConnection } from "../../support/raw-http.ts";
import { type BypassGate, lacksBypassGate, startBypassGate } from "./bypass-gate.ts";
import { requestText, type VisitParts } from "./visit.ts";

/** Which bypass is the newest: `lull bypass revoke` wants its number. */
async function newestNumber({ gate }: BypassGate): Promise<string> {
  const { bypasses } = JSON.parse(await gate.lull.command("bypass", "list", "--json"));
  return String(Math.max(...bypasses.map(({ id }: { readonly id: number }) => id)));
}

/** Every file of lull's and nginx's own: logs too. */
async function filesThatHold(secret: string, folders: readonly string[]): Promise<readonly string[]> {
  const all = folders.flatMap((folder) => [...new Bun.Glob("**/*").scanSync({ cwd: folder, absolute: true })]);
  const found = await Promise.all(
    all.map(async (path) => (Buffer.from(await Bun.file(path).bytes()).includes(secret) ? [path] : [])),
  );
  return found.flat();
}

describe.skipIf(await lacksBypassGate())("whoever has a bypass", () => {
  let scene: BypassGate;
  beforeAll(async () => {
    scene = await startBypassGate();
  }, 60_000);
  afterAll(() => scene.stop());
  const visit = (parts: VisitParts) => scene.gate.visit(parts);

  test("enters over https: a page, its button, a cookie, and the path", async () => {
    const token = await scene.create("--site", "one.test", "--path", "/checkout", "--for", "1h");
    for (let look = 0; look < 3; look++) {
      const page = await scene.secure(`/.lull/bypass/${token}`);
      expect([page.status, page.headers.get("set-cookie")]).toEqual([200, null]);
      expect(page.headers.get("referrer-policy")).toBe("no-referrer");
      expect(await page.text()).toContain('<form method="post">');
    }
    const clicked = await scene.secure(`/.lull/bypass/${token}`, { method: "POST" });
    expect([clicked.status, clicked.headers.get("location")]).toEqual([303, "/checkout"]);
    expect(clicked.headers.get("set-cookie")).toMatch(
      /^__Host-lull-bypass=v1\.[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=3[56]\d\d$/,
    );
    const cookie = clicked.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await scene.secure("/checkout", { cookie })).headers.get("x-app")).toBe("sample");
    expect((await scene.secure("/checkout")).status).toBe(503);
  });

  test("of one use enters with it once, and stays in", async () => {
    const token = await scene.create("--site", "one.test", "--single-use");
    const cookie = await scene.redeem(token);
    const again = await scene.secure(`/.lull/bypass/${token}`, { method: "POST" });
    expect([again.status, again.headers.get("set-cookie")]).toEqual([404, null]);
    // Who only looks is told within the time that every change takes.
    while ((await scene.secure(`/.lull/bypass/${token}`)).status === 200) await Bun.sleep(10);
    expect((await scene.secure(`/.lull/bypass/${token}`)).status).toBe(404);
    expect((await visit({ headers: [`Cookie: ${cookie}`] })).outcome).toBe("pass");
  });

  test("enters one time when twenty click at once on a link of one use", async () => {
    const token = await scene.create("--site", "one.test", "--single-use");
    const clicks = Array.from({ length: 20 }, () => scene.secure(`/.lull/bypass/${token}`, { method: "POST" }));
    const statuses = (await Promise.all(clicks)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([303, ...Array(19).fill(404)]);
  });

  test("is refused over plain http, which uses nothing up", async () => {
    const token = await scene.create("--site", "one.test", "--single-use");
    const { response } = await visit({ method: "POST", target: `/.lull/bypass/${token}` });
    expect([response.status, response.header("set-cookie")]).toEqual([400, null]);
    expect(await scene.redeem(token)).toStartWith("__Host-lull-bypass=");
  });

  test("of a plain site enters with --insecure-cookie", async () => {
    const token = await scene.create("--site", "one.test", "--insecure-cookie");
    const { response } = await visit({ method: "POST", target: `/.lull/bypass/${token}` });
    expect(response.status).toBe(303);
    const cookie = response.header("set-cookie") ?? "";
    expect(cookie).toMatch(/^lull-bypass=v1\.[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    expect((await visit({ headers: [`Cookie: ${cookie.split(";")[0]}`] })).outcome).toBe("pass");
  });

  test("enters as a script by a header, which the application does not see; it is told of both", async () => {
    const token = await scene.create("--site", "one.test");
    const { outcome, response } = await visit({ headers: [`X-Lull-Bypass: ${token}`] });
    expect([outcome, response.header("x-lull")]).toEqual(["pass", "bypass"]);
    const exempt = await visit({ target: "/admin/", headers: [`X-Lull-Bypass: ${token}`] });
    expect([exempt.outcome, exempt.response.header("x-lull")]).toEqual(["pass", null]);
  });

  test("may ask anything, in any way", async () => {
    const token = await scene.create("--site", "one.test");
    const cookie = await scene.redeem(token);
    const filler = (count: number) => Array.from({ length: count }, (_, index) => `c${index}=x`).join("; ");
    const ways: readonly VisitParts[] = [
      { headers: [`Cookie: ${cookie}`] },
      { headers: [`Cookie: a=b; ${cookie}; c=d`] },
      { headers: ["Cookie: a=b", `Cookie: ${cookie}`] },
      { headers: [`Cookie: __Host-lull-bypass=forged; ${cookie}`] },
      { headers: [`Cookie: ${filler(99)}; ${cookie}`] },
      { headers: [`Cookie: big=${"x".repeat(7_800)}`, `Cookie: ${cookie}`] },
      { headers: [`Cookie: name=\xe9\xff; ${cookie}`] },
      { headers: ["X-Lull-Bypass: wrong", `Cookie: ${cookie}`] },
      { headers: [`X-Lull-Bypass: ${token}`, "Cookie: __Host-lull-bypass=forged"] },
    ];
    const targets = ["/", "/x/../y", "//x", "/a%2fb", "/a;b", "/a\\b", "/?q=/../", "/caf%c3%a9"];
    for (const parts of ways) expect((await visit(parts)).outcome).toBe("pass");
    for (const target of targets)
      expect((await visit({ target, headers: [`Cookie: ${cookie}`] })).outcome).toBe("pass");
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
      expect((await visit({ method, target: "/echo", headers: [`Cookie: ${cookie}`] })).outcome).toBe("pass");
    // nginx's own refusals are no business of ours.
    expect((await visit({ target: "/denied/", headers: [`Cookie: ${cookie}`] })).outcome).toBe("403");
  });

  test("is out with the next visit when it is revoked, on the same connection too", async () => {
    const token = await scene.create("--site", "one.test");
    const cookie = await scene.redeem(token);
    await using connection = await openConnection(scene.gate.address);
    const ask = async (header: string) => {
      connection.send(requestText({ headers: [header] }));
      return (await connection.receive()).status;
    };
    expect([await ask(`Cookie: ${cookie}`), await ask(`X-Lull-Bypass: ${token}`)]).toEqual([200, 200]);
    await scene.gate.lull.command("bypass", "revoke", await newestNumber(scene));
    expect([await ask(`Cookie: ${cookie}`), await ask(`X-Lull-Bypass: ${token}`)]).toEqual([503, 503]);
    expect((await scene.secure(`/.lull/bypass/${token}`)).status).toBe(404);
  });

  test("stays in when the keys are changed", async () => {
    const cookie = await scene.redeem(await scene.create("--site", "one.test"));
    await scene.gate.lull.command("bypass", "rotate-keys");
    expect((await visit({ headers: [`Cookie: ${cookie}`] })).outcome).toBe("pass");
    const later = await scene.redeem(await scene.create("--site", "one.test"));
    expect(later.split(".")[4]).not.toBe(cookie.split(".")[4]);
    for (const each of [cookie, later]) expect((await visit({ headers: [`Cookie: ${each}`] })).outcome).toBe("pass");
  });

  test("leaves no trace of the secret: in no log, and not in the database", async () => {
    const token = await scene.create("--site", "one.test");
    const cookie = await scene.redeem(token);
    await visit({ headers: [`Cookie: ${cookie}`, `X-Lull-Bypass: ${token}`] });
    await visit({ target: `/.lull/bypass/${token}` });
    await visit({ method: "POST", target: `/.lull/bypass/${token}?x` });
    await visit({ method: "DELETE", target: `/.lull/bypass/${token}/` });
    const folders = [scene.gate.folder, scene.gate.nginx.folder];
    expect(await filesThatHold("GET / HTTP/1.1", folders)).toEqual([`${scene.gate.nginx.folder}/access.log`]);
    expect(await filesThatHold(token, folders)).toEqual([]);
    expect(await filesThatHold(cookie.slice(-43), folders)).toEqual([]);
  });
});

describe.skipIf(await lacksBypassGate())("while the sidecar is away", () => {
  test("a link says so, and no log has it", async () => {
    await using scene = await startBypassGate();
    const token = await scene.create("--site", "one.test");
    scene.gate.sidecar?.kill("SIGKILL");
    await scene.gate.sidecar?.exited;
    for (const method of ["GET", "POST"]) {
      const response = await scene.secure(`/.lull/bypass/${token}`, { method });
      expect([response.status, await response.text()]).toEqual([503, expect.stringContaining("try again")]);
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    }
    expect(await filesThatHold(token, [scene.gate.folder, scene.gate.nginx.folder])).toEqual([]);
  }, 60_000);
});

describe.skipIf(await lacksBypassGate())("with the sidecar hung", () => {
  test("a link for a single use is not used up by a visitor who has given up", async () => {
    await using scene = await startBypassGate();
    const token = await scene.create("--site", "one.test", "--single-use");
    const { sidecar } = scene.gate;
    sidecar?.kill("SIGSTOP");
    const given = await scene.secure(`/.lull/bypass/${token}`, { method: "POST" });
    expect([given.status, given.headers.get("set-cookie")]).toEqual([503, null]);
    sidecar?.kill("SIGCONT");
    // Behind what the sidecar finds when it wakes.
    expect((await scene.secure(`/.lull/bypass/${token}`)).status).toBe(200);
    const cookie = await scene.redeem(token);
    expect((await scene.secure("/", { cookie })).status).toBe(200);
  }, 60_000);
});

describe.skipIf(await lacksBypassGate())("what a visitor's cookies hold", () => {
  let scene: BypassGate;
  beforeAll(async () => {
    scene = await startBypassGate();
    await Bun.write(`${scene.gate.nginx.folder}/file.txt`, "a file of nginx\n");
  }, 60_000);
  afterAll(() => scene.stop());

  /** No NUL and no ends of lines: with those it is no header. */
  const bytes = Array.from({ length: 255 }, (_, index) => index + 1).filter((byte) => byte !== 10 && byte !== 13);

  test.each([
    [503, "holds no visitor of a closed site up, nor lets one in", null],
    [200, "takes no visitor of an open site away", "off"],
  ])("any byte: %i: it %s, and nginx does not take the sidecar for dead", async (status, _, change) => {
    if (change !== null) await scene.gate.lull.command("setmaintenance", change, "--all");
    const odd: string[] = [];
    for (const byte of bytes) {
      const character = String.fromCharCode(byte);
      for (const line of [`Cookie: a=${character}b`, `X-Lull-Bypass: ${character}${"a".repeat(42)}`]) {
        const { response } = await scene.gate.visit({ target: "/file.txt", headers: [line] });
        if (response.status !== status) odd.push(`${byte}: ${response.status}`);
      }
    }
    expect(odd).toEqual([]);
    expect(await scene.gate.nginx.errorLog()).not.toMatch(/upstream|auth request/);
  });
});
