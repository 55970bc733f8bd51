import { describe, expect, test } from "bun:test";
import { honest, type RawAnswer, status } from "../staff/raw-application.ts";
import { bypass, sealed } from "./bypass-builders.ts";
import { start } from "./sidecar-fixture.ts";
import { both, halfAnHour, logOf, type SceneOptions, scene, staff } from "./staff-scene.ts";

describe("/.lull/staff", () => {
  test("is a page with one button, and to look asks nobody", async () => {
    await using one = await scene();
    const page = await one.ask("GET");
    expect(page.status).toBe(200);
    expect(page.text()).toContain('<form method="post"><button>Enter as staff</button></form>');
    expect(page.text()).toContain("The &lt;shop&gt;");
    const head = await one.ask("HEAD");
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(one.asked).toEqual([]);
    for (const bad of ["<script", "src=", "http:"]) expect(page.text()).not.toContain(bad);
  });

  test("says no more than it must, to nobody else, and loads nothing", async () => {
    await using one = await scene();
    const answers = [
      await one.ask("GET"),
      await one.ask("POST"),
      await one.ask("POST"),
      await one.ask("POST", { Cookie: null }),
      await one.ask("POST", { "X-Forwarded-Proto": "http" }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 303, 429, 403, 400]);
    for (const answer of answers) {
      const names = ["Cache-Control", "Referrer-Policy"];
      expect(names.map((name) => answer.header(name))).toEqual(["no-store", "no-referrer"]);
      if (answer.status === 303) continue;
      const style = /<style>([^<]*)<\/style>/.exec(answer.text())?.[1] ?? "";
      const hash = new Bun.CryptoHasher("sha256").update(style).digest("base64");
      expect(answer.header("Content-Security-Policy")).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'self' https: http:; frame-ancestors 'none'`,
      );
    }
  });

  test("gives staff a cookie for half an hour and for this site, and sends them to it", async () => {
    await using one = await scene();
    const clicked = await one.ask("POST");
    const [seven] = both;
    expect([clicked.status, clicked.header("Location"), clicked.body.length]).toEqual([303, "/", 0]);
    const expected = sealed({ ...seven, expires: start + halfAnHour }, 1, "one.example");
    expect(clicked.header("Set-Cookie")).toBe(
      `__Host-lull-bypass=${expected}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=1800`,
    );
    const cookie = clicked.header("Set-Cookie")?.split(";")[0] ?? "";
    const check = await one.check(cookie);
    expect([check.status, check.header("X-Lull"), check.header("X-Lull-Why")]).toEqual([204, "bypass", "staff"]);
    expect((await one.check(cookie, "two.example")).status).toBe(403);
    one.sidecar.clock.elapsedMs = halfAnHour;
    expect((await one.check(cookie)).status).toBe(403);
    expect(logOf(one, "staff-entered")).toMatchObject([{ site: 1, standing: "staff", address: "203.0.113.9" }]);
    const secrets = [staff, expected, "who="];
    for (const secret of secrets) expect(JSON.stringify(one.sidecar.logged)).not.toContain(secret);
  });

  test("gives superusers theirs", async () => {
    await using one = await scene({ isForSuperusers: true, policy: { blockStaff: true } });
    const clicked = await one.ask("POST");
    const cookie = clicked.header("Set-Cookie")?.split(";")[0] ?? "";
    expect((await one.check(cookie)).header("X-Lull-Why")).toBe("superuser");
  });

  test("throws all staff out with the next visit when their bypass is revoked, and no superuser", async () => {
    await using one = await scene();
    const cookie = (await one.ask("POST")).header("Set-Cookie")?.split(";")[0] ?? "";
    one.sidecar.place({ ...one.options, bypasses: both.slice(1) });
    expect((await one.check(cookie)).status).toBe(403);
  });

  test("gives nobody a second cookie who came in by a link: it lasts longer", async () => {
    await using one = await scene({ bypasses: [...both, bypass()] });
    const link = `__Host-lull-bypass=${sealed()}`;
    const clicked = await one.ask("POST", { Cookie: `${staff}; ${link}` });
    expect([clicked.status, clicked.header("Location"), clicked.header("Set-Cookie")]).toEqual([303, "/", null]);
    expect(one.asked).toEqual([]);
    // Another site's is none here.
    const other = await one.ask("POST", { Cookie: `${staff}; ${link}`, "X-Forwarded-Host": "two.example" });
    expect(other.header("Set-Cookie")).toStartWith("__Host-lull-bypass=v1.7.2.");
  });

  test("renews what staff have", async () => {
    await using one = await scene();
    const first = (await one.ask("POST")).header("Set-Cookie")?.split(";")[0] ?? "";
    one.sidecar.clock.elapsedMs = 60_000;
    const second = (await one.ask("POST", { Cookie: `${staff}; ${first}` })).header("Set-Cookie") ?? "";
    expect(second).toStartWith(`__Host-lull-bypass=v1.7.1.${start + 60_000 + halfAnHour}.`);
    expect(one.asked.join("")).not.toContain("lull-bypass");
  });

  test.each(["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "post", "FOO"])("has no %s", async (method) => {
    await using one = await scene();
    const response = await one.ask(method);
    expect([response.status, response.header("Allow"), response.header("Set-Cookie")]).toEqual([
      405,
      "GET, HEAD, POST",
      null,
    ]);
    expect(one.asked).toEqual([]);
  });

  test.each([
    ["a slash behind it", { "X-Forwarded-Uri": "/.lull/staff/" }],
    ["two slashes", { "X-Forwarded-Uri": "/.lull//staff" }],
    ["dots", { "X-Forwarded-Uri": "/.lull/x/../staff" }],
    ["an encoded slash", { "X-Forwarded-Uri": "/.lull%2fstaff" }],
    ["a semicolon", { "X-Forwarded-Uri": "/.lull/staff;a" }],
    ["capitals", { "X-Forwarded-Uri": "/.lull/STAFF" }],
    ["a host that cannot be read", { "X-Forwarded-Host": "one.example, two.example" }],
    ["no host", { "X-Forwarded-Host": null }],
  ])("is nowhere else: %s", async (_, headers) => {
    await using one = await scene();
    for (const method of ["GET", "POST"]) {
      const response = await one.ask(method, headers);
      expect([response.status, response.header("Set-Cookie")]).toEqual([404, null]);
    }
    expect(one.asked).toEqual([]);
  });

  test("is not there without a probe", async () => {
    await using one = await scene({ config: { staff: { ...noProbe } } });
    for (const method of ["GET", "HEAD", "POST", "PUT"]) expect((await one.ask(method)).status).toBe(404);
  });
});

const noProbe = { blockStaff: false, claims: { staff: null, superuser: null }, tokens: null, probe: null };

describe("whoever is not let in is told why", () => {
  test.each<[string, SceneOptions, Record<string, string | null>, number, string | null, string]>([
    ["not staff", {}, { Cookie: "who=eve" }, 403, null, "You are not logged in as staff here"],
    ["nobody", {}, { Cookie: null }, 403, null, "You are not logged in as staff here"],
    ["staff, who wait", { policy: { blockStaff: true } }, {}, 403, null, "Staff wait outside now"],
    ["at a site without https", {}, { "X-Forwarded-Proto": "http" }, 400, null, "This page needs https"],
    ["at a proxy that does not say", {}, { "X-Forwarded-Proto": null }, 400, null, "This page needs https"],
    ["by two proxies", {}, { "X-Forwarded-Proto": "https, http" }, 400, null, "This page needs https"],
    [
      "by an application that is down",
      { application: (socket) => void socket.end() },
      {},
      503,
      "10",
      "The site cannot say who you are",
    ],
    [
      "by an application that lets everybody see the page",
      { application: (socket) => void socket.end(status("200 OK")) },
      {},
      503,
      "10",
      "The site cannot say who you are",
    ],
    ["with no snapshot", { empty: true }, {}, 503, "60", "Please try again in a minute"],
  ])("%s", async (_, options, headers, code, retryAfter, title) => {
    await using one = await scene(options);
    const response = await one.ask("POST", headers);
    expect([response.status, response.header("Retry-After"), response.header("Set-Cookie")]).toEqual([
      code,
      retryAfter,
      null,
    ]);
    expect(response.text()).toContain(`<h1>${title}</h1>`);
    expect(logOf(one, "staff-entered")).toEqual([]);
  });

  test("where to log in, when somebody has said", async () => {
    await using one = await scene({ staffUrl: '/admin/login/?next="/' });
    const page = (await one.ask("POST", { Cookie: null })).text();
    expect(page).toContain('<a href="/admin/login/?next=&quot;/">Log in</a>');
    expect((await one.ask("GET")).text()).not.toContain("Log in");
  });

  test("too soon: once a second", async () => {
    await using one = await scene();
    await one.ask("POST", { Cookie: "who=eve" });
    const again = await one.ask("POST");
    expect([again.status, again.header("Retry-After"), again.header("Set-Cookie")]).toEqual([429, "1", null]);
    one.sidecar.clock.elapsedMs = 1_000;
    expect((await one.ask("POST")).status).toBe(303);
  });

  test("too many at once", async () => {
    const waiting: (() => void)[] = [];
    await using one = await scene({ application: (socket, text) => void waiting.push(() => honest(socket, text)) });
    const asks = Array.from({ length: 8 }, (_, index) => one.ask("POST", { "X-Real-IP": `192.0.2.${index}` }));
    while (waiting.length < 8) await Bun.sleep(1);
    const busy = await Promise.race(asks);
    expect([busy.status, busy.header("Retry-After")]).toEqual([503, "1"]);
    expect(busy.text()).toContain("<h1>Please try again in a moment</h1>");
    for (const answer of waiting.splice(0)) answer();
    while (waiting.length < 7) await Bun.sleep(1);
    for (const answer of waiting) answer();
    const statuses = (await Promise.all(asks)).map((answer) => answer.status);
    expect(statuses.toSorted()).toEqual([...Array(7).fill(303), 503]);
  });

  test("a fault is in the log once a minute, however many click", async () => {
    await using one = await scene({ application: (socket) => void socket.end(status("404 Not Found")) });
    const click = async (elapsedMs: number) => {
      one.sidecar.clock.elapsedMs = elapsedMs;
      expect((await one.ask("POST")).text()).toContain("<h1>The site cannot say who you are</h1>");
    };
    for (const elapsedMs of [0, 1_000, 59_999]) await click(elapsedMs);
    const line = { level: "warn", site: 1, fault: `${one.url} answers 404: is the path right?` };
    expect(logOf(one, "staff-probe-fault")).toMatchObject([line]);
    await click(61_000);
    expect(logOf(one, "staff-probe-fault")).toMatchObject([line, line]);
    expect(logOf(one, "staff-not-known")).toEqual([]);
  });

  test("where to log in, when the application hides its pages from strangers", async () => {
    const application: RawAnswer = (socket) => void socket.end(status("404 Not Found"));
    await using one = await scene({ application, staffUrl: "/admin/login/" });
    expect((await one.ask("POST")).text()).toContain('<a href="/admin/login/">Log in</a>');
  });

  test("in the log that there was no cookie", async () => {
    await using one = await scene();
    await one.ask("POST", { Cookie: "__Host-lull-bypass=v1.x" });
    expect(logOf(one, "staff-not-known")).toMatchObject([{ site: 1, status: null, why: "no cookie" }]);
  });

  test("in the log that there was no cookie once a minute for each address, with how many were left out", async () => {
    await using one = await scene({ application: (socket) => void socket.end(status("404 Not Found")) });
    const click = (address: string) => one.ask("POST", { Cookie: null, "X-Real-IP": address });
    for (let time = 0; time < 5; time++) await click("192.0.2.1");
    await click("192.0.2.2");
    const line = { site: 1, status: null, why: "no cookie" };
    const lines = [
      { ...line, address: "192.0.2.1", leftOut: 0 },
      { ...line, address: "192.0.2.2", leftOut: 4 },
    ];
    expect(logOf(one, "staff-not-known")).toMatchObject(lines);
    for (let host = 0; host < 200; host++) await click(`198.51.100.${host}`);
    expect(logOf(one, "staff-not-known").length).toBe(100);
    // And they silence no fault.
    await one.ask("POST");
    expect(logOf(one, "staff-probe-fault").length).toBe(1);
  });

  test("a fault of superuser_probe is in the log though staff_probe says staff, and no query is", async () => {
    await using one = await scene({ superuserPath: "/gone?key=TOPSECRET", application: honestButGone });
    expect((await one.ask("POST")).status).toBe(303);
    const fault = `${new URL("/gone", one.url)} answers 404: is the path right?`;
    expect(logOf(one, "staff-probe-fault")).toMatchObject([{ level: "warn", site: 1, fault }]);
    expect(JSON.stringify(one.sidecar.logged)).not.toContain("TOPSECRET");
  });

  test("the log has what the application said, and no secret", async () => {
    await using one = await scene();
    await one.ask("POST", { Cookie: "who=eve" });
    expect(logOf(one, "staff-not-known")).toMatchObject([
      { site: 1, address: "203.0.113.9", status: 302, why: "the application answers 302" },
    ]);
    expect(JSON.stringify(one.sidecar.logged)).not.toContain("who=");
    await using other = await scene({ application: (socket) => void socket.end(status("200 OK")) });
    await other.ask("POST");
    expect(logOf(other, "staff-probe-fault")).toMatchObject([
      { site: 1, fault: `${other.url} answers 200 also when nobody is logged in` },
    ]);
  });
});

const honestButGone: RawAnswer = (socket, request) => {
  if (request.startsWith("GET /gone")) socket.end(status("404 Not Found"));
  else honest(socket, request);
};
