import { describe, expect, test } from "bun:test";
import { hourMs, openConsole } from "./console.ts";

describe("period", () => {
  test("add, list, disable, enable, remove", async () => {
    await using console = openConsole();
    const plan =
      '"night" on all sites (period 1) by ada@desk until 2026-11-21 04:00 UTC (2026-11-21T04:00:00Z): backup, from 2026-11-21 02:00 UTC (2026-11-21T02:00:00Z)';
    const add = [
      "--start",
      "tomorrow 02:00",
      "--for",
      "2h",
      "--name",
      "night",
      "--reason",
      "backup",
      "--message",
      "Back at four",
    ];
    expect((await console.call("period", "add", ...add)).out).toBe(`added ${plan}\n`);
    expect((await console.lull("period list")).out).toBe(
      [
        "NUMBER  SITE  NAME   STATE     MODE  START                 END                   OWNER     REASON",
        "1       all   night  upcoming  full  2026-11-21 02:00 UTC  2026-11-21 04:00 UTC  ada@desk  backup",
        "",
      ].join("\n"),
    );
    for (const [verb, out] of [
      ["disable", `disabled: ${plan}\n`],
      ["disable", `already disabled: ${plan}\n`],
      ["enable", `enabled: ${plan}\n`],
      ["enable", `already enabled: ${plan}\n`],
      ["disable", `disabled: ${plan}\n`],
    ] as const) {
      const said = await console.lull(`period ${verb} 1`);
      expect({ code: said.code, out: said.out }).toEqual({ code: 0, out });
      expect(said.err).toContain(`database ${console.path}\n`);
    }
    expect((await console.lull("period list")).out).toContain("night  disabled  full");
    expect((await console.lull("period remove 1")).out).toBe(`removed: ${plan}\n`);
    expect(await console.lull("period list")).toMatchObject({ err: "no period is running or upcoming\n" });
    expect(await console.lull("period remove 1")).toMatchObject({ code: 1, out: "" });
  });

  test("names the site", async () => {
    await using console = openConsole();
    await console.lull("site add shop.example.com");
    const plan = '"night" on site 2 (shop.example.com) (period 1) by ada@desk without an end';
    const add = "period add --site shop.example.com --start 2026-11-21T02:00:00Z --name night";
    expect((await console.lull(`${add} --dry-run`)).out).toStartWith(`would add ${plan}, from `);
    expect((await console.lull(add)).out).toStartWith(`added ${plan}, from `);
    expect((await console.lull("period disable 1")).out).toStartWith(`disabled: ${plan}, from `);
    expect((await console.lull("period remove 1")).out).toStartWith(`removed: ${plan}, from `);
  });

  test.each<[string, string, readonly string[]]>([
    ["what runs or is to come", "", ["now", "later"]],
    ["the past", "--past", ["before"]],
    ["what runs", "--running", ["now"]],
    ["what is to come", "--upcoming", ["later"]],
    ["everything", "--past --running --upcoming", ["before", "now", "later"]],
  ])("list shows %s", async (_, options, names) => {
    await using console = openConsole();
    await console.lull("period add --name before --for 1h --offline");
    console.clock.elapsedMs = 2 * hourMs;
    await console.lull("period add --name now --for 1h --offline");
    await console.lull("period add --name later --start 2026-11-21T00:00:00Z");
    const { periods } = await console.json(`period list ${options}`);
    expect(Array.isArray(periods) ? periods.map(({ name }) => name) : null).toEqual([...names]);
  });

  test.each<[string, string, string]>([
    [
      "B08: one that ends before it starts",
      "--start 2026-11-20T13:00:00Z --end 2026-11-20T11:00:00Z",
      "a period must end after it starts",
    ],
    [
      "one that ends when it starts",
      "--start 2026-11-20T13:00:00Z --end 2026-11-20T13:00:00Z",
      "a period must end after it starts",
    ],
    ["one that is over", "--start 2026-11-20T10:00:00Z --end 2026-11-20T12:00:00Z", "the period would be over already"],
    [
      "one of the same name at the same time",
      "--start 2026-11-20T14:30:00Z --for 1h --name taken",
      'period 1 has the name "taken" on the same site at that time',
    ],
    ["one of the same name without an end", "--name taken", "period 1 has the name"],
    ["an unknown site", "--site 7", "no site 7"],
  ])("add refuses %s", async (_, options, message) => {
    await using console = openConsole();
    await console.lull("period add --start 2026-11-20T14:00:00Z --for 1h --name taken");
    const said = await console.lull(`period add ${options} --offline`);
    expect({ code: said.code, out: said.out }).toEqual({ code: 1, out: "" });
    expect(said.err).toStartWith(`lull: ${message}`);
    expect(await console.json("status")).toMatchObject({ revision: 2 });
  });

  test.each([
    ["another name at the same time", "--start 2026-11-20T14:00:00Z --for 1h"],
    ["the same name before", "--start 2026-11-20T13:00:00Z --for 1h --name taken"],
    ["the same name after", "--start 2026-11-20T15:00:00Z --name taken"],
    ["the same name on one site", "--start 2026-11-20T14:00:00Z --name taken --site 1"],
  ])("add takes %s", async (_, options) => {
    await using console = openConsole();
    await console.lull("period add --start 2026-11-20T14:00:00Z --for 1h --name taken");
    expect((await console.lull(`period add ${options}`)).code).toBe(0);
  });

  test("enable refuses to make two of one name run at once", async () => {
    await using console = openConsole();
    await console.lull("period add --start 2026-11-20T14:00:00Z --for 1h");
    await console.lull("period disable 1");
    await console.lull("period add --start 2026-11-20T14:30:00Z --for 1h");
    expect(await console.lull("period enable 1")).toMatchObject({ code: 1, out: "" });
  });
});
