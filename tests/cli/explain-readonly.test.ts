import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openConsole } from "./console.ts";

describe("explain says by what a read-only site decides", () => {
  const console = openConsole();
  beforeAll(async () => {
    await console.lull("period add --mode readonly --for 2h --offline");
    await console.call("readonly", "add", "--safe", "POST /search", "--safe", "PUT /");
    await console.call("readonly", "add", "--unsafe", "GET /logout", "--site", "1", "--offline");
  });
  afterAll(() => console[Symbol.asyncDispose]());

  const search = { id: 1, siteId: null, effect: "safe", method: "POST", path: "/search" };
  const logout = { id: 3, siteId: 1, effect: "unsafe", method: "GET", path: "/logout" };

  test.each<[string, string, string, object | null]>([
    ["a method that is safe", "GET /x", "open: only read-only periods are running, and GET changes nothing", null],
    [
      "a method that is not",
      "DELETE /x",
      "closed: only read-only periods are running, and DELETE is not GET, HEAD or OPTIONS, nor safe by a rule",
      null,
    ],
    [
      "a rule that lets pass",
      "POST /search/x",
      "open: only read-only periods are running, and POST is safe by rule 1: POST /search is safe on all sites",
      search,
    ],
    [
      "a rule that holds",
      "HEAD /logout",
      "closed: only read-only periods are running, and HEAD is unsafe by rule 3: GET /logout is unsafe on site 1",
      logout,
    ],
  ])("%s", async (_, visit, beginning, rule) => {
    const [method = "", uri = ""] = visit.split(" ");
    expect((await console.lull(`explain --method ${method} --uri ${uri}`)).out).toStartWith(`${beginning} (`);
    expect(await console.json(`explain --method ${method} --uri ${uri}`)).toMatchObject({ method, readonly: { rule } });
  });

  test.each([
    ["while a full period runs too", "period add --name full --for 3h --offline", "--method POST --uri /search"],
    ["when the path is exempt", "exempt add --path /logout", "--uri /logout"],
    ["when the visit cannot be read", "migrate", "--host a@b"],
  ])("not %s", async (_, before, visit) => {
    await using other = openConsole();
    await other.lull("period add --mode readonly --for 2h --offline");
    await other.call("readonly", "add", "--safe", "POST /search", "--unsafe", "GET /logout", "--offline");
    await other.lull(before);
    expect(await other.json(`explain ${visit}`)).toMatchObject({ readonly: null });
  });

  test("though a full one follows it", async () => {
    await using other = openConsole();
    await other.lull("period add --mode readonly --for 2h --offline");
    await other.lull("period add --name full --start 2026-11-20T14:00:00Z --for 1h");
    expect(await other.json("explain --method POST")).toMatchObject({ readonly: { rule: null } });
  });
});
