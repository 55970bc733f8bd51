/** What an application answers when the probe is set up wrong, and what it answers to who is no staff. */
import { describe, expect, test } from "bun:test";
import { scene, visitor } from "./probe-scene.ts";
import { status } from "./raw-application.ts";

type Answer = string | readonly [own: string, nobodys: string];

/** What comes of it at this path; a pair: the visitor's answer, and that to nobody. */
async function ask(path: string, answer: Answer) {
  const [own, nobodys] = typeof answer === "string" ? [answer, answer] : answer;
  let origin = "";
  await using one = scene(
    (socket, request) => {
      const [line = "", location] = (request.includes("who=staff") ? own : nobodys).split(" > ");
      const header = location === undefined ? "" : `Location: ${location.replace("ORIGIN", origin)}\r\n`;
      socket.end(status(`${line} X`, header));
    },
    { staffUrl: "" },
  );
  origin = one.origin;
  // The address is known only now.
  await using two = scene(() => {}, { staffUrl: `${one.origin}${path}` });
  const outcome = await two.probe.ask(visitor({ host: "shop.test" }));
  if (outcome.kind !== "nobody") return outcome;
  return { ...outcome, fault: outcome.fault?.replaceAll(one.origin, "ORIGIN") ?? null };
}

const toHttps =
  'redirects to https: set staff_probe_headers = ["X-Forwarded-Proto: https"], which it must heed (Django: SECURE_PROXY_SSL_HEADER)';

describe("a probe that is set up wrong is told from who is no staff, with what to do", () => {
  test.each<[string, string, Answer, string]>([
    ["a host that is not allowed", "/admin/", "400", "answers 400: Django does so when ALLOWED_HOSTS lacks shop.test"],
    [
      "the visitor's cookies",
      "/admin/",
      ["400", "302 > /login"],
      "answers 400: it does so to this visitor's cookies alone",
    ],
    ["no page", "/admin/", "404", "answers 404: is the path right?"],
    ["a page that is gone", "/admin/", "410", "answers 410: is the path right?"],
    [
      "no page, and none for nobody, who is sent on",
      "/admin",
      ["404", "301 > /admin/"],
      "answers 404: is the path right?",
    ],
    ["no page, and silence for nobody", "/admin", ["404", "500"], "answers 404: is the path right?"],
    ["another method", "/admin/", "405", "answers 405: it must be a page that GET opens"],
    ["too long", "/admin/", "414", "answers 414: write a shorter address"],
    ["another server's host", "/admin/", "421", "answers 421: it does not answer for shop.test"],
    [
      "too many cookies",
      "/admin/",
      ["431", "302 > /login"],
      "answers 431: the visitor's cookies are more than it takes; raise its limit for headers",
    ],
    ["https, for good", "/admin/", "301 > https://shop.test/admin/", toHttps],
    ["https, for good, with the method", "/admin/", "308 > https://shop.test/admin/", toHttps],
    ["https, now", "/admin/?a=b", "302 > https://shop.test/admin/?a=b", toHttps],
    ["https, without the query", "/admin/?a=b", "303 > https://shop.test/admin/", toHttps],
    ["https on a port", "/admin/", "307 > https://shop.test:8443/admin/", toHttps],
    ["https by its own address", "/admin/", "302 > https://127.0.0.1/admin/", toHttps],
    ["https at another host, for good", "/admin/", "301 > https://www.shop.test/admin/", toHttps],
    ["a slash, for good", "/admin", "301 > /admin/", "redirects to ORIGIN/admin/ : write that"],
    [
      "a slash, now",
      "/admin?a=b",
      "302 > /admin/?a=b",
      "redirects to ORIGIN/admin/ : write that, and the query behind it",
    ],
    ["a slash and https", "/admin", "302 > https://shop.test/admin/", "redirects to ORIGIN/admin/ : write that"],
    ["a slash by its own address", "/admin", "302 > ORIGIN/admin/", "redirects to ORIGIN/admin/ : write that"],
    ["no slash", "/admin/", "308 > /admin", "redirects to ORIGIN/admin : write that"],
    [
      "another host, for good",
      "/admin/",
      "301 > //www.shop.test/admin/",
      "redirects from shop.test to www.shop.test: is it the site of that host?",
    ],
    [
      "elsewhere, for good, which is not repeated",
      "/admin/",
      "301 > /backend/;jsessionid=secret?token=secret",
      "redirects for good (301): write the address where staff end up",
    ],
    ["nowhere, for good", "/admin/", "308", "answers 308, and does not say where to"],
    ["nowhere that can be read, for good", "/admin/", "301 > http://[", "answers 301, and does not say where to"],
  ])("%s", async (_, path, answer, what) => {
    const [own] = typeof answer === "string" ? [answer] : answer;
    const outcome = await ask(path, answer);
    expect(outcome).toEqual({
      kind: "nobody",
      fault: `ORIGIN${path.split("?")[0]} ${what}`,
      status: Number(own.slice(0, 3)),
    });
  });
});

describe("who is no staff is no fault", () => {
  test.each<[string, string, Answer]>([
    ["sent to the login", "/admin/", "302 > /admin/login/?next=/admin/"],
    ["sent to the login over https", "/admin/", "302 > https://shop.test/admin/login/"],
    ["sent to the login of another host", "/", "302 > https://login.test/"],
    ["sent to the login at the start page", "/", "302 > https://shop.test/?login"],
    ["sent to the login for good", "/admin/", "301 > /login"],
    ["sent to a login whose name begins alike", "/admin", "303 > /admin-login/"],
    ["sent to the same page", "/admin/", "302 > /admin/"],
    ["sent nowhere", "/admin/", "302"],
    ["401", "/admin/", "401"],
    ["403", "/admin/", "403"],
    ["404, where nobody is sent to the login", "/admin/", ["404", "302 > /login"]],
    ["404, where nobody is told 401", "/admin/", ["404", "401"]],
    ["404, where nobody is told 403", "/admin/", ["404", "403"]],
  ])("%s", async (_, path, answer) => {
    const [own] = typeof answer === "string" ? [answer] : answer;
    expect(await ask(path, answer)).toEqual({ kind: "nobody", fault: null, status: Number(own.slice(0, 3)) });
  });
});
