/** Applications that answer 200 to whom they do not know, at times or to any cookie: they make nobody staff. */
import { describe, expect, test } from "bun:test";
import { scrambledCookie } from "../../src/staff/scrambled-cookie.ts";
import { isStaff, nobodys, own, scene, scrambled, visitor, withCookie } from "./probe-scene.ts";
import { honest, type RawAnswer, status } from "./raw-application.ts";

const ofTheMoment = ["408 Late", "421 Misdirected", "425 Early", "429 Many", "500 Error", "502 Gateway", "503 Busy"];

describe.each(ofTheMoment)("an answer %s speaks of the moment", (line) => {
  test("to nobody it is no control, and is not kept", async () => {
    let isRestarting = true;
    await using one = scene((socket, request) => {
      if (isRestarting && withCookie([request]).length === 0) socket.end(status(line));
      else honest(socket, request);
    });
    const fault = `${one.place} answers ${line.slice(0, 3)} when nobody is logged in`;
    expect(await one.probe.ask(visitor())).toEqual({ kind: "nobody", fault, status: 200 });
    isRestarting = false;
    expect(await one.probe.ask(visitor())).toEqual(isStaff);
    expect(nobodys(one.requests).length).toBe(2);
  });

  test("to cookies that are nobody's it bears nothing out", async () => {
    await using one = scene((socket, request) => {
      if (scrambled([request]).length > 0) socket.end(status(line));
      else honest(socket, request);
    });
    const fault = `${one.place} answers ${line.slice(0, 3)} when a cookie is nobody's`;
    expect(await one.probe.ask(visitor())).toEqual({ kind: "nobody", fault, status: 200 });
  });

  test("to the visitor it is a fault", async () => {
    await using one = scene((socket, request) => {
      socket.end(own([request]).length > 0 ? status(line) : status("302 Found", "Location: /login\r\n"));
    });
    const fault = expect.stringContaining(` answers ${line.slice(0, 3)}`);
    expect(await one.probe.ask(visitor())).toMatchObject({ kind: "nobody", fault });
  });
});

test("an application that is open to all lets nobody in after it was away", async () => {
  let line = "502 Bad Gateway";
  await using one = scene((socket) => void socket.end(status(line)));
  expect((await one.probe.ask(visitor())).kind).toBe("nobody");
  line = "200 OK";
  const fault = `${one.place} answers 200 also when nobody is logged in`;
  expect(await one.probe.ask(visitor())).toEqual({ kind: "nobody", fault, status: 200 });
});

describe("an application that answers 200 to any cookie lets nobody in", () => {
  const toAny: RawAnswer = (socket, request) =>
    void socket.end(withCookie([request]).length > 0 ? status("200 OK") : status("302 Found", "Location: /?c\r\n"));
  test.each([
    ["one", "sid=garbage"],
    ["a session as it should be", "sessionid=abcdefghijklmnopqrstuvwxyz012345"],
    ["several", "a=1; sid=x; c="],
  ])("%s", async (_, cookie) => {
    await using one = scene(toAny);
    const outcome = { kind: "nobody", fault: `${one.place} answers 200 to any cookie`, status: 200 } as const;
    // Of one visitor nothing is kept for the next.
    for (let time = 0; time < 2; time++) expect(await one.probe.ask(visitor({ cookie }))).toEqual(outcome);
    expect([withCookie(one.requests).length, nobodys(one.requests).length]).toEqual([4, 1]);
  });

  test.each(["sid=", "sid=; a=", "sid", "=", "sid=%3d--"])("without a value to change: %s", async (cookie) => {
    await using one = scene(toAny);
    const fault = `${one.place} answers 200 to cookies whose values are empty`;
    expect(await one.probe.ask(visitor({ cookie }))).toEqual({ kind: "nobody", fault, status: 200 });
    expect(withCookie(one.requests).length).toBe(1);
  });

  test("nor by nonsense, which stays nonsense", async () => {
    // Malformed: an error page that is 200; well-formed and unknown: the login.
    await using one = scene((socket, request) => {
      socket.end(/cookie: .*%%/i.test(request) ? status("200 OK") : status("302 Found"));
    });
    const outcome = await one.probe.ask(visitor({ cookie: "sid=%%x" }));
    expect(outcome).toEqual({ kind: "nobody", fault: `${one.place} answers 200 to any cookie`, status: 200 });
  });
});

test("a cookie that is scrambled has its names, its length, its form, and no character of before", () => {
  const before = "a=Zz09-_.%3D+/; b=; c; __Host-d=x=y; =n";
  for (let time = 0; time < 200; time++) {
    const after = scrambledCookie(before) ?? "";
    expect(after).toMatch(/^a=[A-Y][a-y][1-9][0-8]-_\.%3D\+\/; b=; c; __Host-d=[a-z]=[a-z]; =[a-z]$/);
    expect(after).not.toContain("=x=");
  }
  expect(new Set(Array.from({ length: 50 }, () => scrambledCookie("s=abcdef0123456789"))).size).toBe(50);
});
