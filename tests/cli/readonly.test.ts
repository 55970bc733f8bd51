import { describe, expect, test } from "bun:test";
import { type Console, openConsole } from "./console.ts";
import { registerGhost } from "./sidecars.ts";

async function verdictOf(console: Console, visit: string): Promise<unknown> {
  return (await console.json(`explain ${visit}`))["verdict"];
}

describe("readonly", () => {
  test.each<[string, string, string, string, string, string]>([
    ["what is safe", "--safe", "POST /search/", "POST /search is safe", "--method POST --uri /search/x", "open"],
    ["what is unsafe", "--unsafe", "get /logout", "GET /logout is unsafe", "--method HEAD --uri /logout", "closed"],
  ])("add, explain, remove: %s", async (_, option, rule, description, visit, verdict) => {
    await using console = openConsole();
    await console.lull("period add --mode readonly --offline");
    const otherwise = verdict === "open" ? "closed" : "open";
    expect(await verdictOf(console, visit)).toBe(otherwise);
    const added = await console.call("readonly", "add", option, rule, "--offline");
    expect({ code: added.code, out: added.out }).toEqual({
      code: 0,
      out: `read-only rule 1 added: ${description} on all sites\n`,
    });
    expect(added.err).toContain(`database ${console.path}`);
    expect((await console.call("readonly", "add", option, rule, "--offline")).out).toBe(
      `read-only rule 1 is there already: ${description} on all sites\n`,
    );
    expect(await verdictOf(console, visit)).toBe(verdict);
    expect((await console.lull("readonly remove 1 --offline")).out).toBe(
      `read-only rule 1 removed: ${description} on all sites\n`,
    );
    expect(await verdictOf(console, visit)).toBe(otherwise);
  });

  test("several at once, on the sites that are named", async () => {
    await using console = openConsole();
    await console.lull("site add b.example");
    await console.lull("period add --mode readonly --offline");
    const added = await console.call(
      ...["readonly", "add", "--site", "2,b.example", "--safe", "POST /search", "--safe", "PUT /cart"],
      ...["--unsafe", "GET /logout,GET /delete", "--offline"],
    );
    expect(added.out.split("\n")).toEqual([
      "read-only rule 1 added: POST /search is safe on site 2",
      "read-only rule 2 added: PUT /cart is safe on site 2",
      "read-only rule 3 added: GET /logout is unsafe on site 2",
      "read-only rule 4 added: GET /delete is unsafe on site 2",
      "",
    ]);
    expect(await verdictOf(console, "--method POST --uri /search --host b.example")).toBe("open");
    expect(await verdictOf(console, "--method POST --uri /search --site 1")).toBe("closed");
  });

  test("list shows them, and says what holds without any", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    expect(await console.lull("readonly list")).toMatchObject({
      out: "NUMBER  SITE  EFFECT  RULE\n",
      err: "no rules: GET, HEAD and OPTIONS pass read-only sites, and nothing else\n",
    });
    await console.call("readonly", "add", "--site", "1", "--safe", "POST /search", "--reason", "it reads");
    await console.call("readonly", "add", "--unsafe", "GET /logout", "--offline");
    expect(await console.lull("readonly list")).toEqual({
      code: 0,
      out: [
        "NUMBER  SITE  EFFECT  RULE",
        "1       1     safe    POST /search",
        "2       all   unsafe  GET /logout",
        "",
      ].join("\n"),
      err: "",
    });
    expect(await console.json("readonly list")).toMatchObject({
      exitCode: 0,
      rules: [
        { id: 1, siteId: 1, effect: "safe", method: "POST", path: "/search" },
        { id: 2, siteId: null, effect: "unsafe", method: "GET", path: "/logout" },
      ],
    });
    expect(await console.json("audit")).toMatchObject({
      entries: [{ action: "readonly.add" }, { action: "readonly.add", reason: "it reads" }],
    });
  });

  test.each<[string, readonly string[], number, string]>([
    ["no rule at all", [], 2, "give --safe or --unsafe with a method and a path"],
    ["a rule without a path", ["--safe", "POST"], 2, '"POST" is not a method and a path'],
    ["a path whose comma is not escaped", ["--safe", "POST /a,b"], 2, '"b" is not a method and a path'],
    ["an empty rule", ["--safe", ""], 2, "was given an empty value"],
    [
      "every method",
      ["--unsafe", "ALL /api"],
      2,
      '"ALL /api": a rule is for one method; write one rule for each method',
    ],
    ["a mistyped method", ["--safe", "GTE /x"], 2, '"GTE /x": GTE is no method of HTTP; did you mean GET?'],
    ["what changes nothing", ["--safe", "GET /x"], 1, '"GET /x" is safe unless an unsafe rule covers it'],
    ["a rule both ways", ["--safe", "POST /x", "--unsafe", "POST /x"], 1, "cannot be safe and unsafe at once"],
    ["an ambiguous path", ["--unsafe", "GET /a/../b"], 1, 'the path "/a/../b" can be read in more than one way'],
    ["an unknown site", ["--safe", "POST /x", "--site", "7"], 1, "no site 7"],
  ])("add refuses %s, in one line", async (_, options, code, message) => {
    await using console = openConsole();
    await console.lull("migrate");
    const said = await console.call("readonly", "add", ...options);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toMatch(/^lull: [^\n]+\n$/);
    expect(said.err).toContain(message);
    expect(await console.json("readonly list")).toMatchObject({ rules: [] });
  });

  test.each<[string, string, string, string]>([
    ["an unsafe rule holds somebody", "add --unsafe", "GET /x", "GET /x is unsafe"],
    ["without a safe one somebody is held", "remove 1", "", "POST /search is safe"],
  ])("%s, and a server that is being set up has no sidecar yet", async (_, verb, rule, description) => {
    await using console = openConsole();
    await console.call("readonly", "add", "--safe", "POST /search");
    const call = ["readonly", ...verb.split(" "), ...(rule === "" ? [] : [rule])];
    const dry = await console.call(...call, "--dry-run");
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(/^read-only rule \d would be (?:added|removed): /);
    expect(dry.out).toContain(description);
    expect(dry.err).toContain("dry run: nothing was changed\n");
    const said = await console.call(...call);
    expect(said.code).toBe(0);
    expect(said.out).toContain(description);
    expect(said.err).toContain("no sidecar is registered");
  });

  test("adding and removing wait for the sidecars, unless told not to", async () => {
    await using console = openConsole();
    await registerGhost(console);
    const late = await console.call("readonly", "add", "--safe", "POST /search", "--wait", "1s");
    expect({ code: late.code, out: late.out }).toEqual({ code: 6, out: "" });
    const removed = await console.lull("readonly remove 1 --no-wait");
    expect({ code: removed.code, out: removed.out }).toEqual({
      code: 0,
      out: "read-only rule 1 removed: POST /search is safe on all sites\n",
    });
    expect(removed.err).toContain("not waited for 1 of 1 sidecar");
  });

  test("remove refuses a number that is not there, and what is no number", async () => {
    await using console = openConsole();
    expect(await console.lull("readonly remove 7")).toMatchObject({ code: 1, out: "" });
    expect(await console.lull("readonly remove POST")).toMatchObject({ code: 2, out: "" });
  });
});
