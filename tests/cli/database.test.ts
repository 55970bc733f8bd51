import { describe, expect, test } from "bun:test";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { openConsole } from "./console.ts";

describe("a database that is not there yet", () => {
  test.each([
    "status",
    "explain",
    "site list",
    "exempt list",
    "period list",
    "sidecar list",
    "audit",
    "backup copy.db",
  ])("%s ends with 5 and says how to begin", async (line) => {
    await using console = openConsole();
    expect(await console.lull(line)).toEqual({
      code: 5,
      out: "",
      err: `lull: database ${console.path}: does not exist yet; "lull migrate" makes it, and so does the first command that changes something\n`,
    });
    expect(await Bun.file(console.path).exists()).toBe(false);
  });

  test.each([
    "setmaintenance on --offline",
    "setmaintenance off",
    "downtime_start --offline",
    "downtime_end",
    "site add b.example",
    "site set 1 --name x",
    "site alias add 1 b.example",
    "exempt add --path /x",
    "period add --offline",
    "migrate",
  ])("%s makes it, for its owner alone, and names it", async (line) => {
    await using console = openConsole();
    const { code, err } = await console.lull(line);
    expect(code).toBe(0);
    expect(err).toStartWith(`database ${console.path} (new: there was none)\n`);
    expect((await stat(console.path)).mode & 0o777).toBe(0o600);
    expect(await console.json("site list")).toMatchObject({ exitCode: 0 });
    console.clock.elapsedMs = 1;
    expect((await console.lull(line)).err).not.toContain("(new:");
  });

  test.each([
    ["setmaintenance on --offline", "setmaintenance off"],
    ["site add b.example", "site add c.example"],
    ["migrate", "migrate"],
  ])("--json says whether %s made it", async (first, second) => {
    await using console = openConsole();
    expect(await console.json(first)).toMatchObject({ created: true, database: console.path });
    expect(await console.json(second)).toMatchObject({ created: false, database: console.path });
  });

  test.each(["setmaintenance on 7", "site remove 7", "downtime_start --site 7", "sidecar remove nobody"])(
    "%s is refused there, and says that it is a new one",
    async (line) => {
      await using console = openConsole();
      const fresh = `lull: database ${console.path} (new: there was none)\n`;
      const { code, err } = await console.lull(line);
      expect(code).toBe(1);
      expect(err).toEndWith(fresh);
      expect((await console.lull(line)).err).not.toContain("(new:");
    },
  );
});

describe("a database that cannot be used", () => {
  test.each<[string, (path: string) => Promise<unknown>]>([
    ["is another file", (path) => writeFile(path, "hello ".repeat(1_000))],
    ["is a folder", (path) => mkdir(path)],
  ])("because it %s: 5, one line, no stack", async (_, spoil) => {
    await using console = openConsole();
    await spoil(console.path);
    for (const line of ["status", "setmaintenance on --offline"]) {
      const { code, out, err } = await console.lull(line);
      expect({ line, code, out }).toEqual({ line, code: 5, out: "" });
      expect(err).toMatch(/^lull: database [^\n]+\n$/);
    }
  });
});

describe("where the database is", () => {
  test.each([
    ["an option wins", ["--database", "other.db"], "other.db"],
    ["over a variable, which wins over the file", [], "variable.db"],
  ])("%s", async (_, options, name) => {
    await using outside = openConsole();
    await using console = openConsole({ environment: { LULL_DATABASE: `file:${outside.file("variable.db")}` } });
    const { err } = await console.call("setmaintenance", "on", "--offline", ...options);
    const path = options.length > 0 ? console.file(name) : outside.file(name);
    expect(err.split("\n")[0]).toBe(`database ${path} (new: there was none)`);
  });

  test("faults of the configuration are listed together", async () => {
    await using console = openConsole({
      settings: ['unknown_hosts = "open"', "retry_after = -1", 'listen = ["nowhere"]'],
    });
    const { code, out, err } = await console.lull("status");
    expect({ code, out, lines: err.trimEnd().split("\n").length }).toEqual({ code: 2, out: "", lines: 3 });
    expect(await console.lull("status --config missing.toml")).toMatchObject({ code: 2, out: "" });
  });
});

describe("migrate", () => {
  test("twice does nothing the second time", async () => {
    await using console = openConsole();
    expect(await console.lull("migrate")).toEqual({
      code: 0,
      out: "made, schema 5\n",
      err: `database ${console.path} (new: there was none)\n`,
    });
    const before = await console.json("status");
    expect((await console.lull("migrate")).out).toBe("schema 5 already, nothing to do\n");
    expect(await console.json("migrate")).toMatchObject({ changed: false, from: 5, to: 5, copy: null });
    expect(await console.json("status")).toEqual(before);
  });
});

describe("backup", () => {
  test("makes a copy that is a database", async () => {
    await using console = openConsole();
    await console.lull("setmaintenance on --offline");
    const said = await console.lull("backup copy.db");
    expect(said).toEqual({ code: 0, out: `copied to ${console.file("copy.db")}\n`, err: `database ${console.path}\n` });
    expect((await stat(console.file("copy.db"))).mode & 0o777).toBe(0o600);
    console.clock.elapsedMs = 1;
    await console.lull("setmaintenance off");
    expect((await console.lull("status --exit-code --database copy.db")).code).toBe(10);
    expect((await console.lull("status --exit-code")).code).toBe(0);
  });

  test.each([
    ["a copy that is there", "copy.db", "exists already"],
    ["the database itself", "lull.db", "exists already"],
    ["a folder that is not there", "nowhere/copy.db", "there is no folder"],
  ])("refuses to overwrite %s", async (_, target, message) => {
    await using console = openConsole();
    await console.lull("migrate");
    await console.lull("backup copy.db");
    const said = await console.lull(`backup ${target}`);
    expect({ code: said.code, out: said.out }).toEqual({ code: 1, out: "" });
    expect(said.err).toContain(message);
  });
});

describe("audit", () => {
  test("shows who changed what, when and why, the newest first", async () => {
    await using console = openConsole();
    await console.call("downtime_start", "--for", "1h", "--reason", "disks", "--offline");
    console.as("bob@web1");
    console.clock.elapsedMs = 60_000;
    await console.lull("downtime_start --for 2h --offline");
    await console.call("site", "set", "1", "--name", "Shop", "--reason", "asked for");
    expect((await console.lull("audit")).out).toBe(
      [
        "REVISION  WHEN                  WHO       WHAT           SITE  WHY        CHANGE",
        '4         2026-11-20 12:01 UTC  bob@web1  site.set       1     asked for  id: 1, name: "" -> "Shop"',
        "3         2026-11-20 12:01 UTC  bob@web1  period.extend  all              id: 1, end: 2026-11-20 13:00 UTC -> 2026-11-20 14:01 UTC",
        '2         2026-11-20 12:00 UTC  ada@desk  period.start   all   disks      id: 1, name: "downtime", start: 2026-11-20 12:00 UTC, end: 2026-11-20 13:00 UTC, enabled: true, mode: "full", reason: "disks", owner: "ada@desk"',
        "",
      ].join("\n"),
    );
  });

  test("says of each change which row it was about", async () => {
    await using console = openConsole();
    const rule = ["--rule", "FREQ=DAILY", "--at", "02:00", "--for", "1h"];
    await console.call("recurrence", "add", ...rule);
    await console.lull("period add --start 2026-11-21T09:00:00Z --for 1h");
    for (const line of [
      "period extend 1 --by 1h",
      "recurrence disable 1",
      "recurrence skip 1 2026-11-22",
      "recurrence restore 1 2026-11-22",
      "recurrence move 1 2026-11-23 --for 2h",
      "recurrence move 1 2026-11-23 --for 3h",
    ])
      await console.lull(line);
    const changes = (await console.lull("audit --limit 6")).out.split("\n").map((line) => line.split(/ {2,}/).at(-1));
    const moved = 'recurrenceId: 1, wall: "2026-11-23T02:00:00", ';
    const skipped = 'recurrenceId: 1, wall: "2026-11-22T02:00:00", skipped: true';
    expect(changes.slice(1, -1)).toEqual([
      `${moved}end: 2026-11-23 04:00 UTC -> 2026-11-23 05:00 UTC`,
      `${moved}skipped: false, start: 2026-11-23 02:00 UTC, end: 2026-11-23 04:00 UTC`,
      skipped,
      skipped,
      "id: 1, enabled: true -> false",
      "id: 1, end: 2026-11-21 10:00 UTC -> 2026-11-21 11:00 UTC",
    ]);
  });

  test("holds both sides of a change", async () => {
    await using console = openConsole();
    await console.lull("site set 1 --name Shop");
    await console.lull("exempt add --path /x");
    await console.lull("exempt remove 1");
    const x = { id: 1, siteId: null, kind: "path", value: "/x" };
    expect(await console.json("audit")).toMatchObject({
      entries: [
        { revision: 4, action: "exemption.remove", before: x, after: null },
        { revision: 3, action: "exemption.add", before: null, after: x },
        {
          revision: 2,
          action: "site.set",
          siteId: 1,
          before: { name: "" },
          after: { name: "Shop" },
          actor: "ada@desk",
        },
      ],
    });
  });

  test.each([
    ["a site by number", "--site 2", [3, 2]],
    ["a site by name", "--site b.example", [3, 2]],
    ["the newest", "--limit 1", [4]],
  ])("of %s", async (_, options, revisions) => {
    await using console = openConsole();
    for (const line of ["site add b.example", "setmaintenance on 2 --offline", "setmaintenance on 1 --offline"])
      await console.lull(line);
    const { entries } = await console.json(`audit ${options}`);
    expect(Array.isArray(entries) ? entries.map(({ revision }) => revision) : null).toEqual([...revisions]);
  });

  test("of a site that is gone, by its number", async () => {
    await using console = openConsole();
    await console.lull("site add b.example");
    await console.lull("site remove 2");
    expect((await console.lull("audit --site 2")).out).toContain("site.remove");
    expect(await console.lull("audit --site b.example")).toMatchObject({ code: 1, out: "" });
  });

  test("has nothing of a refused change", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    await console.lull("setmaintenance on 7");
    await console.lull("setmaintenance off");
    expect(await console.json("audit")).toMatchObject({ entries: [] });
  });
});
