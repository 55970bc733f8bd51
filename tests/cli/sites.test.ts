import { describe, expect, test } from "bun:test";
import { openConsole } from "./console.ts";

describe("site", () => {
  test("add, set, alias and list tell what they did, and where", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    const steps: readonly (readonly [argv: readonly string[], out: string])[] = [
      [["site", "add", "Example.COM", "--name", "Shop"], "site 2 (example.com) added\n"],
      [["site", "alias", "add", "2", "www.example.com"], "site 2 (example.com) now answers for www.example.com\n"],
      [
        ["site", "alias", "add", "example.com", "www.example.com"],
        "site 2 (example.com) answers already for www.example.com\n",
      ],
      [
        ["site", "alias", "add", "2", "*.EXAMPLE.com"],
        "site 2 (example.com) now answers for *.EXAMPLE.com; its other aliases: www.example.com\n",
      ],
      [
        ["site", "alias", "remove", "2", "*.example.com"],
        "site 2 (example.com) no longer answers for *.example.com; its other aliases: www.example.com\n",
      ],
      [
        ["site", "set", "www.example.com", "--message", "Back at noon"],
        "site 2 (example.com) set, also www.example.com\n",
      ],
      [["site", "set", "2", "--message", "Back at noon"], "site 2 (example.com) already so, also www.example.com\n"],
      [["site", "set", "2", "--message", "", "--name", ""], "site 2 (example.com) set, also www.example.com\n"],
      [
        ["site", "alias", "remove", "2", "WWW.example.com"],
        "site 2 (example.com) no longer answers for WWW.example.com\n",
      ],
      [["site", "add", "*.bücher.example"], "site 3 (*.xn--bcher-kva.example) added\n"],
      [["site", "remove", "3"], "site 3 (*.xn--bcher-kva.example) removed with its periods, exemptions and bypasses\n"],
      [["site", "add", "new.example"], "site 4 (new.example) added\n"],
      [
        ["site", "set", "2", "--redirect", "https://Status.example"],
        "site 2 (example.com) set\nheld visitors are sent to https://status.example/\n",
      ],
      [
        ["site", "set", "2", "--origins", "https://app.example, http://localhost:3000/"],
        "site 2 (example.com) set\nscripts of https://app.example, http://localhost:3000 may read the answers of the closed site and send it preflighted requests: list only origins that the application itself trusts\n",
      ],
      [
        ["site", "set", "4", "--origins", "*", "--redirect", "https://status.example"],
        "site 4 (new.example) set\nheld visitors are sent to https://status.example/\nscripts of every origin may read the answers of the closed site and send it preflighted requests: list only origins that the application itself trusts\n",
      ],
      [
        ["site", "set", "4", "--origins", "", "--redirect="],
        "site 4 (new.example) set\nheld visitors see the page\nno other origin's scripts may read the answers of the closed site\n",
      ],
      [
        [
          "site",
          "add",
          "d.example",
          "--redirect",
          "https://status.example/d",
          "--origins",
          "https://a.example https://b.example",
        ],
        "site 5 (d.example) added\nheld visitors are sent to https://status.example/d\nscripts of https://a.example, https://b.example may read the answers of the closed site and send it preflighted requests: list only origins that the application itself trusts\n",
      ],
      [["site", "remove", "5"], "site 5 (d.example) removed with its periods, exemptions and bypasses\n"],
    ];
    for (const [argv, out] of steps) {
      const said = await console.call(...argv);
      expect({ argv, code: said.code, out: said.out }).toEqual({ argv, code: 0, out });
      expect(said.err).toMatch(new RegExp(`^database ${console.path}, revision \\d+\n$`));
    }
    expect((await console.lull("site list")).out).toBe(
      [
        "SITE  DOMAIN       ALIASES  NAME  MESSAGE  REDIRECT                 ORIGINS",
        "1     *",
        "2     example.com                          https://status.example/  https://app.example http://localhost:3000",
        "4     new.example",
        "",
      ].join("\n"),
    );
    expect((await console.json("site list"))["sites"]).toMatchObject([
      { id: 1, redirectUrl: "", origins: [] },
      { id: 2, redirectUrl: "https://status.example/", origins: ["https://app.example", "http://localhost:3000"] },
      { id: 4, redirectUrl: "", origins: [] },
    ]);
    expect((await console.lull("audit")).out).toContain(
      'id: 2, origins: [] -> ["https://app.example","http://localhost:3000"]',
    );
  });

  test.each<[string, string, string]>([
    ["a domain that is taken", "site add example.com", "example.com belongs to site 2 (example.com) already"],
    [
      "a domain that is an alias",
      "site add www.example.com",
      "www.example.com belongs to site 2 (example.com) already",
    ],
    ["a second *", "site add *", "* belongs to site 1 (*) already"],
    ["a URL", "site add https://a.example/x", '"https://a.example/x" is not a domain: write "a.example"'],
    [
      "a port",
      "site add a.example:8080",
      '"a.example:8080" has a port, and a site is the same on every port: write "a.example"',
    ],
    ["a wildcard inside", "site add a.*.example", '"a.*.example" is not a domain'],
    ["an alias that is taken", "site alias add 3 example.com", "example.com belongs to site 2 (example.com) already"],
    [
      "an alias that it does not have",
      "site alias remove 3 x.example",
      "site 3 (closed.example) has no alias x.example",
    ],
    ["to change one that is not there", "site set 9 --name x", "no site 9"],
    ["to remove one that is not there", "site remove nobody.example", "no site nobody.example"],
    ["to remove *", "site remove 1", "site 1 (*) answers for every host that is nobody else's"],
    [
      "to turn * into another domain",
      "site set 1 --domain a.example",
      "site 1 (*) answers for every host that is nobody else's",
    ],
    [
      "a redirect that leads back",
      "site set 2 --redirect https://www.example.com",
      "site 2 (example.com) would send its held visitors to https://www.example.com/, which is the site itself",
    ],
    [
      "a redirect that is no URL",
      "site add a.example --redirect a.example/x",
      '"a.example/x" is no address that a visitor can be sent to: write "https://a.example/x"',
    ],
    [
      "an origin with a path",
      "site set 2 --origins https://a.example/x",
      '"https://a.example/x" is no origin: write "https://a.example"',
    ],
    ["to remove one that is closed", "site remove 3", 'site 3 (closed.example) is closed by "maintenance"'],
  ])("refuses %s", async (_, line, message) => {
    await using console = openConsole();
    for (const before of [
      "site add example.com",
      "site alias add 2 www.example.com",
      "site add closed.example",
      "setmaintenance on 3 --offline",
    ]) {
      await console.lull(before);
    }
    const { revision } = await console.json("status");
    const said = await console.lull(line);
    expect({ code: said.code, out: said.out }).toEqual({ code: 1, out: "" });
    expect(said.err).toStartWith(`lull: ${message}`);
    expect(await console.json("status")).toMatchObject({ revision });
  });

  test.each([
    ["remove *", "site remove 1 --force"],
    ["turn * into another domain", "site set 1 --domain a.example --force"],
    ["remove one that is closed", "site remove 2 --force"],
  ])("--force: %s", async (_, line) => {
    await using console = openConsole();
    await console.lull("site add b.example");
    await console.lull("setmaintenance on 2 --offline");
    expect((await console.lull(line)).code).toBe(0);
  });

  test("a server without sites says so", async () => {
    await using console = openConsole();
    await console.lull("site remove 1 --force");
    expect(await console.lull("setmaintenance on --all")).toMatchObject({ code: 0, out: "there are no sites\n" });
    expect(await console.lull("setmaintenance on")).toMatchObject({ code: 1, out: "" });
    expect((await console.lull("status --exit-code")).code).toBe(0);
  });
});

describe("status", () => {
  test("is a table for people", async () => {
    await using console = openConsole();
    await console.lull("site add b.example");
    await console.lull("site add c.example");
    await console.lull("downtime_start --site 2 --for 1h --reason disks --offline");
    await console.lull("period add --site 3 --mode readonly --name freeze --offline");
    await console.lull("period add --start 2026-11-21T02:00:00Z --name night");
    await console.lull("period add --site 2 --start 2026-11-20T20:00:00Z --name disks");
    expect((await console.lull("status")).out).toBe(
      [
        "SITE  DOMAIN     STATE      OPENS                 NEXT                                      BECAUSE OF",
        '1     *          open                             "night" 2026-11-21 02:00 UTC by ada@desk',
        '2     b.example  closed     2026-11-20 13:00 UTC  "disks" 2026-11-20 20:00 UTC by ada@desk  "downtime" (period 1) by ada@desk until 2026-11-20 13:00 UTC (2026-11-20T13:00:00Z): disks',
        '3     c.example  read-only  unknown               "night" 2026-11-21 02:00 UTC by ada@desk  "freeze", read-only (period 2) by ada@desk without an end',
        "",
      ].join("\n"),
    );
  });

  test.each<[string, readonly string[], object | null]>([
    ["nothing is planned", [], null],
    ["what runs already", ["--start 2026-11-20T11:00:00Z"], null],
    [
      "the next of two",
      ["--start 2026-11-22T02:00:00Z", "--start 2026-11-21T02:00:00Z --end 2026-11-21T03:00:00Z"],
      { id: 2 },
    ],
    [
      "one on all sites before its own",
      ["--site 2 --start 2026-11-22T02:00:00Z", "--start 2026-11-21T02:00:00Z"],
      { id: 2 },
    ],
    [
      "its own before one on all sites",
      ["--site 2 --start 2026-11-21T02:00:00Z", "--start 2026-11-22T02:00:00Z"],
      { id: 1 },
    ],
    ["another site's", ["--site 1 --start 2026-11-21T02:00:00Z"], null],
  ])("next: %s", async (_, plans, next) => {
    await using console = openConsole();
    await console.lull("site add b.example");
    for (const [index, plan] of plans.entries()) await console.lull(`period add ${plan} --name n${index} --offline`);
    const found = await console.json("status 2");
    expect(found).toMatchObject({ sites: [{ id: 2, next }] });
  });

  test("next: not what is disabled; its start is RFC 3339", async () => {
    await using console = openConsole();
    await console.lull("period add --start 2026-11-21T02:00:00Z --name night");
    expect(await console.json("status")).toMatchObject({
      sites: [{ state: "open", next: { name: "night", start: "2026-11-21T02:00:00Z" } }],
    });
    await console.lull("period disable 1");
    expect(await console.json("status")).toMatchObject({ sites: [{ next: null }] });
  });

  test.each<[string, readonly string[], string, number]>([
    ["open", [], "", 0],
    ["closed", ["setmaintenance on 1"], "", 10],
    ["read-only", ["period add --site 1 --mode readonly"], "", 11],
    ["closed beside read-only", ["period add --site 1 --mode readonly", "setmaintenance on 2"], "", 10],
    ["read-only beside open", ["period add --site 2 --mode readonly"], "", 11],
    ["both on one site", ["period add --site 1 --mode readonly", "setmaintenance on 1"], "1", 10],
    ["only the sites that were named", ["setmaintenance on 2"], "1", 0],
    ["those that were named", ["setmaintenance on 2"], "1 b.example", 10],
    ["all sites at once", ["downtime_start"], "2", 10],
    ["one that is to come", ["period add --start 2026-11-20T13:00:00Z"], "", 0],
  ])("--exit-code: %s", async (_, before, sites, code) => {
    await using console = openConsole();
    await console.lull("site add b.example");
    for (const line of before) await console.lull(`${line} --offline`);
    expect((await console.lull(`status ${sites} --exit-code`)).code).toBe(code);
    expect((await console.lull(`status ${sites}`)).code).toBe(0);
  });

  test("refuses sites that are not there, all of them by name", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    expect(await console.lull("status 1 7 x.example")).toMatchObject({
      code: 1,
      out: "",
      err: 'lull: no site x.example; site 1 (*) answers for it; no site 7; "lull site list" shows those that there are\n',
    });
  });
});
