import { describe, expect, test } from "bun:test";
import { createStaffProbe } from "../../src/staff/probe.ts";
import { selfSigned } from "../proxies/nginx/self-signed.ts";
import { needProgram } from "../support/debian.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { isStaff, nobodys, own, scene, scrambled, start, visitor, withCookie } from "./probe-scene.ts";
import { honest, type RawAnswer, startRawApplication, status } from "./raw-application.ts";

describe("what is sent", () => {
  test("is the visitor's cookie and host and what is configured, and nothing else", async () => {
    await using one = scene(honest, {
      headers: [
        ["X-Forwarded-Proto", "https"],
        ["X-Two", "a"],
        ["X-Two", "b"],
      ],
    });
    expect(await one.probe.ask(visitor({ cookie: "a=1; who=staff" }))).toEqual(isStaff);
    const fixed = ["Accept: text/html", "Accept-Encoding: identity"];
    const rest = ["Host: one.test", "User-Agent: lull", "X-Forwarded-Proto: https", "X-Two: a, b"];
    const lines = (request: string) => request.trimEnd().split("\r\n");
    const sorted = (request: string | undefined) =>
      lines(request ?? "")
        .slice(1)
        .toSorted();
    expect(one.requests.map((request) => lines(request)[0])).toEqual(Array(3).fill("GET /admin/?a=b HTTP/1.1"));
    expect(own(one.requests).map(sorted)).toEqual([[...fixed, "Cookie: a=1; who=staff", ...rest].toSorted()]);
    expect(nobodys(one.requests).map(sorted)).toEqual([[...fixed, ...rest].toSorted()]);
    const changed = expect.stringMatching(/^Cookie: a=[02-9]; who=[a-z]{5}$/);
    const [third = []] = scrambled(one.requests).map(sorted);
    expect(third.filter((line) => !line.startsWith("Cookie: "))).toEqual([...fixed, ...rest].toSorted());
    expect(third.filter((line) => line.startsWith("Cookie: "))).toEqual([changed]);
    expect(one.requests.length).toBe(3);
  });

  test.each([
    ["of lull's own", "__Host-lull-bypass=v1.1; who=staff; lull-bypass=x", "who=staff"],
    ["of lull's own, however they are spaced", "who=staff;\t__Host-lull-bypass = x;;lull-bypass", "who=staff"],
    ["that look like lull's", "x__Host-lull-bypass=1; lull-bypasses=2; who=staff", null],
    ["of bytes that are no ASCII", "name=\xe9\xff; who=staff", null],
    ["without a name", "=x; y; who=staff", null],
    ["with the same name", "who=nobody; who=staff", null],
    ["a hundred", `${Array.from({ length: 100 }, (_, index) => `c${index}=x`).join("; ")}; who=staff`, null],
    ["of 8 KB", `big=${"x".repeat(8_000)}; who=staff`, null],
  ])("leaves out no cookies but its own: %s", async (_, header, sent) => {
    await using one = scene(honest);
    expect(await one.probe.ask(visitor({ cookie: header }))).toEqual(isStaff);
    expect(own(one.requests)[0]).toContain(`\r\nCookie: ${sent ?? header}\r\n`);
  });

  test.each([
    ["none", null],
    ["an empty one", ""],
    ["one of lull's alone", "__Host-lull-bypass=v1; lull-bypass=v1"],
    ["semicolons", " ; ;; "],
    ["one that is too long for any browser", `who=staff; ${"x".repeat(33_000)}`],
  ])("is nothing when the visitor shows no cookie of the application: %s", async (_, header) => {
    await using one = scene(honest);
    const outcome = await one.probe.ask(visitor({ cookie: header }));
    expect(outcome).toEqual({ kind: "nobody", fault: null, status: null });
    expect(one.requests).toEqual([]);
  });

  test.each([
    ["an end of line", "who=staff\r\nX-Admin: 1"],
    ["a line feed", "who=staff\nX-Admin: 1"],
    ["NUL", "who=staff\0"],
    ["what is no byte", "who=staff; a=\u{1f600}"],
  ])("is nothing of a cookie with %s", async (_, header) => {
    await using one = scene(honest);
    const outcome = await one.probe.ask(visitor({ cookie: header }));
    expect(outcome).toMatchObject({ kind: "nobody", fault: expect.stringContaining("cannot be asked") });
    expect(withCookie(one.requests)).toEqual([]);
  });

  test("goes to the application itself, whatever proxy the environment names", async () => {
    await using one = scene(honest);
    await using proxy = startRawApplication((socket) => void socket.end(status("200 OK")));
    const program = new URL("probe-process.ts", import.meta.url).pathname;
    const names = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    const env = { ...Bun.env, ...Object.fromEntries(names.map((name) => [name, proxy.origin])), NO_PROXY: "" };
    const child = Bun.spawn([process.execPath, program, one.url], { env, stdout: "pipe", stderr: "inherit" });
    expect(JSON.parse(await child.stdout.text())).toEqual(isStaff);
    expect([one.requests.length, proxy.requests.length]).toEqual([3, 0]);
  });

  test("shares no connection with anybody", async () => {
    // It would keep them.
    await using one = scene((socket, request) => {
      socket.write(request.includes("who=staff") ? status("200 OK") : status("302 Found"));
    });
    for (let time = 0; time < 5; time++) expect(await one.probe.ask(visitor())).toEqual(isStaff);
    expect(one.requests.length).toBe(11);
    while (one.open() > 0) await Bun.sleep(5);
  });
});

describe("an application that is no help makes nobody staff", () => {
  const answers: readonly (readonly [string, RawAnswer, number | null, string | null])[] = [
    ["answers 200 to everybody", (socket) => void socket.end(status("200 OK")), 200, "answers 200 also when nobody"],
    ["sends everybody away", (socket) => void socket.end(status("302 Found", "Location: /admin/\r\n")), 302, null],
    ["sends everybody to a page that is 200", redirectsOnce, 302, null],
    ["answers 204", (socket) => void socket.end("HTTP/1.1 204 No Content\r\n\r\n"), 204, null],
    ["answers 201", (socket) => void socket.end(status("201 Created")), 201, null],
    ["answers 206", (socket) => void socket.end(status("206 Partial Content")), 206, null],
    ["answers 304", (socket) => void socket.end("HTTP/1.1 304 Not Modified\r\n\r\n"), 304, null],
    ["answers 401", (socket) => void socket.end(status("401 Unauthorized")), 401, null],
    ["answers 403", (socket) => void socket.end(status("403 Forbidden")), 403, null],
    ["answers 404", (socket) => void socket.end(status("404 Not Found")), 404, "answers 404: is the path right?"],
    ["answers 500", (socket) => void socket.end(status("500 Internal Server Error")), 500, "answers 500"],
    ["answers 503", (socket) => void socket.end(status("503 Service Unavailable")), 503, "answers 503"],
    ["closes", (socket) => void socket.end(), null, "cannot be asked"],
    ["closes in the middle", (socket) => void socket.end("HTTP/1.1 20"), null, "cannot be asked"],
    ["speaks HTTP/0.9", (socket) => void socket.end("<html>200 OK</html>"), null, "cannot be asked"],
    ["answers 0200", (socket) => void socket.end("HTTP/1.1 0200 OK\r\n\r\n"), null, ""],
    ["says 200 to staff, and closes on nobody", closesOnNobody, 200, "cannot be asked"],
    ["says 200 to staff, and 200 to nobody", (socket) => void socket.end(status("200 OK")), 200, "answers 200 also"],
  ];

  test.each(answers.map((each) => each))("it %s", async (_, answer, answered, fault) => {
    await using one = scene(answer);
    const outcome = await one.probe.ask(visitor());
    expect(outcome.kind).toBe("nobody");
    if (outcome.kind !== "nobody") return;
    if (fault !== "") expect(outcome.status).toBe(answered);
    if (fault === null) expect(outcome.fault).toBeNull();
    else expect(outcome.fault).toStartWith(`${one.place} `);
    expect(outcome.fault ?? "").toContain(fault ?? "");
  });

  test.each<[string, RawAnswer]>([
    ["says nothing", () => {}],
    ["says half a line", (socket) => void socket.write("HTTP/1.1 2")],
    ["never ends its headers", endlessHeaders],
    ["says nothing to nobody, and 200 to staff", silentToNobody],
  ])("it %s: two seconds, and no longer", async (_, answer) => {
    await using one = scene(answer);
    const startedMs = performance.now();
    const outcome = await one.probe.ask(visitor());
    expect(performance.now() - startedMs).toBeLessThan(2_500);
    expect(outcome).toMatchObject({ kind: "nobody", fault: expect.any(String) });
    while (one.open() > 0) await Bun.sleep(5);
  });

  test("it says nothing to cookies that are nobody's: two seconds for all together", async () => {
    await using one = scene((socket, request) => {
      // Each alone would be in time.
      if (own([request]).length > 0) setTimeout(() => socket.end(status("200 OK")), 1_200);
      else if (nobodys([request]).length > 0) socket.end(status("302 Found"));
    });
    const startedMs = performance.now();
    const outcome = await one.probe.ask(visitor());
    expect(performance.now() - startedMs).toBeLessThan(2_500);
    const fault = `${one.place} does not answer within 2 s when a cookie is nobody's`;
    expect(outcome).toEqual({ kind: "nobody", fault, status: 200 });
  });

  test("it is not there", async () => {
    const gone = startRawApplication(() => {});
    await gone[Symbol.asyncDispose]();
    const settings = { staffUrl: `${gone.origin}/`, superuserUrl: "", headers: [] };
    const outcome = await createStaffProbe(settings, () => start).ask(visitor());
    expect(outcome).toEqual({
      kind: "nobody",
      fault: `${gone.origin}/ cannot be asked: nobody listens there (ECONNREFUSED)`,
      status: null,
    });
  });
});

describe.skipIf((await needProgram("openssl")) === null)("over https", () => {
  test("a certificate that nobody vouches for makes nobody staff, whatever the environment says", async () => {
    await using folder = temporaryFolder();
    const { certificate, key } = await selfSigned(folder.path, "/CN=127.0.0.1");
    const impostor = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      tls: { cert: Bun.file(certificate), key: Bun.file(key) },
      fetch: ({ headers }) => new Response("", { status: headers.has("cookie") ? 200 : 403 }),
    });
    const program = new URL("probe-process.ts", import.meta.url).pathname;
    const env = { ...Bun.env, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    const child = Bun.spawn([process.execPath, program, impostor.url.href], { env, stdout: "pipe", stderr: "ignore" });
    const outcome = JSON.parse(await child.stdout.text());
    await impostor.stop(true);
    expect(outcome).toMatchObject({ kind: "nobody", status: null, fault: expect.stringContaining("CERT") });
  });
});

test("an endless body is not read", async () => {
  let written = 0;
  await using one = scene((socket, request) => {
    if (!request.includes("who=staff")) return void socket.end(status("302 Found"));
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const timer = setInterval(() => {
      const count = socket.write(`400\r\n${"x".repeat(1_024)}\r\n`);
      if (count <= 0) clearInterval(timer);
      else written += count;
    }, 1);
  });
  expect(await one.probe.ask(visitor())).toEqual(isStaff);
  while (one.open() > 0) await Bun.sleep(5);
  expect(written).toBeLessThan(100_000);
});

test("hints before the answer are no answer", async () => {
  const hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  await using one = scene((socket, request) => {
    socket.end(hint + (request.includes("who=staff") ? status("200 OK") : status("403 Forbidden")));
  });
  expect(await one.probe.ask(visitor())).toEqual(isStaff);
  expect(await one.probe.ask(visitor({ cookie: "who=eve" }))).toMatchObject({ kind: "nobody", status: 403 });
});

function redirectsOnce(socket: Parameters<RawAnswer>[0], request: string): void {
  socket.end(request.startsWith("GET /next") ? status("200 OK") : status("302 Found", "Location: /next\r\n"));
}

function closesOnNobody(socket: Parameters<RawAnswer>[0], request: string): void {
  if (request.includes("who=staff")) socket.end(status("200 OK"));
  else socket.end();
}

function silentToNobody(socket: Parameters<RawAnswer>[0], request: string): void {
  if (request.includes("who=staff")) socket.end(status("200 OK"));
}

function endlessHeaders(socket: Parameters<RawAnswer>[0]): void {
  socket.write("HTTP/1.1 200 OK\r\n");
  const timer = setInterval(() => {
    if (socket.write("X-More: x\r\n") <= 0) clearInterval(timer);
  }, 5);
}
