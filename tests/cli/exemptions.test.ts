import { describe, expect, test } from "bun:test";
import { exitCode } from "../../src/cli/exit-code.ts";
import { openConsole } from "./console.ts";
import { registerGhost, startReal } from "./sidecars.ts";

describe("exempt", () => {
  test.each<[string, readonly string[], string, string, string]>([
    ["a path", ["--path", "/api/"], "path /api", "--uri /api/v1", "exempt-path"],
    ["an exact path", ["--exact", "/hook"], "exact /hook", "--uri /hook?x=1", "exempt-exact"],
    ["a pattern", ["--pattern", "^docs|^help"], "pattern ^docs|^help", "--uri /help", "exempt-pattern"],
    ["a network", ["--network", "203.0.113.0/24"], "network 203.0.113.0/24", "--ip 203.0.113.9", "exempt-network"],
    ["an address", ["--network", "2001:DB8::7"], "network 2001:db8::7/128", "--ip 2001:db8::7", "exempt-network"],
  ])("add, explain, remove: %s", async (_, options, description, visit, why) => {
    await using console = openConsole();
    await console.lull("setmaintenance on --offline");
    expect(await console.json(`explain ${visit}`)).toMatchObject({ verdict: "closed" });
    const added = await console.call("exempt", "add", ...options);
    expect({ code: added.code, out: added.out }).toEqual({
      code: 0,
      out: `exemption 1 added: ${description} on all sites\n`,
    });
    expect(added.err).toContain(`database ${console.path}`);
    expect((await console.call("exempt", "add", ...options)).out).toBe(
      `exemption 1 is there already: ${description} on all sites\n`,
    );
    expect(await console.json(`explain ${visit}`)).toMatchObject({ verdict: "open", why });
    expect((await console.lull("exempt remove 1")).out).toBe(`exemption 1 removed: ${description} on all sites\n`);
    expect(await console.json(`explain ${visit}`)).toMatchObject({ verdict: "closed" });
  });

  test.each<[string, readonly string[]]>([
    ["an empty pattern", ["--pattern", ""]],
    ["a broken pattern", ["--pattern", "^("]],
    ["a pattern for everything", ["--pattern", ".*"]],
    ["a look-ahead", ["--pattern", "^(?!admin)"]],
    ["branches that differ in the slash", ["--pattern", "^(/a|b)"]],
    ["an empty path", ["--path", ""]],
    ["the path /", ["--path", "/"]],
    ["a path without /", ["--path", "admin"]],
    ["a path that is ambiguous", ["--path", "/a/../b"]],
    ["a URL", ["--exact", "https://example.com/x"]],
    ["an empty network", ["--network", ""]],
    ["a network with host bits", ["--network", "10.0.0.1/8"]],
    ["a network of everybody", ["--network", "0.0.0.0/0"]],
    ["no network", ["--network", "everybody"]],
    ["one that has expired", ["--path", "/x", "--expires", "2026-11-20T11:59:59Z"]],
    ["an unknown site", ["--path", "/x", "--site", "7"]],
  ])("refuses %s, in one line that quotes it", async (_, options) => {
    await using console = openConsole();
    await console.lull("migrate");
    const said = await console.call("exempt", "add", ...options);
    expect({ code: said.code, out: said.out }).toEqual({ code: 1, out: "" });
    expect(said.err).toMatch(/^lull: [^\n]+\n$/);
    expect(said.err).toContain(options[0] === "--path" && options[2] !== undefined ? "" : (options[1] ?? ""));
    const { exemptions } = await console.json("exempt list");
    expect(exemptions).toHaveLength(4);
  });

  test("list shows those of the configuration too", async () => {
    await using console = openConsole({ settings: ['internal_ips = ["10.0.0.0/8"]'] });
    await console.call(
      "exempt",
      "add",
      "--path",
      "/hook",
      "--site",
      "1",
      "--description",
      "Stripe",
      "--expires",
      "in 1h",
    );
    expect((await console.lull("exempt list")).out).toBe(
      [
        "NUMBER  SITE  KIND     VALUE                        EXPIRES               DESCRIPTION",
        "1       1     path     /hook                        2026-11-20 13:00 UTC  Stripe",
        "config  all   network  10.0.0.0/8                   never                 internal_ips",
        "config  all   path     /admin                       never                 admin_ignored_urls",
        "config  all   path     /robots.txt                  never                 default_exemptions",
        "config  all   path     /.well-known/acme-challenge  never                 default_exemptions",
        "config  all   path     /.well-known/security.txt    never                 default_exemptions",
        "",
      ].join("\n"),
    );
  });

  test.each<[string, readonly string[], string]>([
    [
      "IPv4, for a while",
      ["203.0.113.0/24", "--for", "8h"],
      "network 203.0.113.0/24 on site 2, until 2026-11-20 20:00",
    ],
    [
      "IPv6, until then",
      ["2001:DB8::/32", "--expires", "in 1d"],
      "network 2001:db8::/32 on site 2, until 2026-11-21 12:00",
    ],
    ["an address for ever", ["::ffff:203.0.113.9"], "network 203.0.113.9/32 on site 2\n"],
  ])("a network holds as long as it was said, on its site: %s", async (_, [network = "", ...options], words) => {
    await using console = openConsole();
    await console.lull("site add b.example");
    const said = await console.call("exempt", "add", "--network", network, "--site", "b.example", ...options);
    expect(said.out).toContain(words);
  });

  test.each<[string, readonly string[], number, string]>([
    ["both ends", ["--for", "8h", "--expires", "in 1d"], 2, "--for and --expires exclude each other; give one"],
    ["no duration", ["--for", "soon"], 2, '"soon"'],
  ])("refuses %s", async (_, options, code, message) => {
    await using console = openConsole();
    const said = await console.call("exempt", "add", "--network", "203.0.113.9", ...options);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toContain(message);
  });

  test("holds on the sites that were named", async () => {
    await using console = openConsole();
    await console.lull("site add b.example");
    await console.lull("setmaintenance on --all --offline");
    expect((await console.lull("exempt add --path /x --site 2,b.example")).out).toBe(
      "exemption 1 added: path /x on site 2\n",
    );
    expect(await console.json("explain --uri /x --host b.example")).toMatchObject({ verdict: "open" });
    expect(await console.json("explain --uri /x --site 1")).toMatchObject({ verdict: "closed" });
  });

  test("says which sidecars serve it", async () => {
    await using console = openConsole();
    await using _ = await startReal(console);
    for (const words of ["add --path /x", "add --path /x", "remove 1"]) {
      const { code, err } = await console.lull(`exempt ${words}`);
      expect([code, err]).toEqual([0, expect.stringMatching(/^revision \d+: the sidecar serves it$/m)]);
    }
    expect(await console.json("exempt add --path /y")).toMatchObject({ changed: true, reached: "served" });
  });

  test("that there is none is no failure", async () => {
    await using console = openConsole();
    for (const words of ["add --path /x", "remove 1"]) {
      const { code, err } = await console.lull(`exempt ${words}`);
      expect([code, err]).toEqual([0, expect.stringMatching(/^revision \d+: no sidecar is registered$/m)]);
    }
  });

  test.each([
    ["add --path /y", "closed"],
    ["remove 1", "open"],
  ])("claims nothing when one does not answer: %s", async (words, state) => {
    await using console = openConsole();
    await console.lull("exempt add --path /x");
    await registerGhost(console);
    const { code, out, err } = await console.lull(`exempt ${words} --wait 1s`);
    expect([code, out]).toEqual([exitCode.notServed, ""]);
    expect(err).toContain(`so visitors may find the site ${state} there`);
    expect(err).toContain("ghost-1");
  });

  test("a dry run changes nothing", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    expect((await console.lull("exempt add --path /x --dry-run")).out).toBe(
      "exemption 1 would be added: path /x on all sites\n",
    );
    await console.lull("exempt add --path /x");
    expect((await console.lull("exempt remove 1 --dry-run")).out).toBe(
      "exemption 1 would be removed: path /x on all sites\n",
    );
    expect((await console.lull("exempt list")).out).toContain("/x");
  });

  test("remove refuses a number that is not there", async () => {
    await using console = openConsole();
    expect(await console.lull("exempt remove 7")).toMatchObject({ code: 1, out: "" });
  });
});
