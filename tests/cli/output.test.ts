import { describe, expect, test } from "bun:test";
import { commands } from "../../src/cli/commands.ts";
import { synopsis } from "../../src/cli/synopsis.ts";
import { hourMs, noon, onlyObject, openConsole, wordsOf } from "./console.ts";

const names = Object.keys(commands);
/** Standard output of `run` is its COMMAND's. */
const jsonNames = names.filter((name) => name !== "run");

describe("--json", () => {
  /** In this order on one database, so that each has something to do. */
  const calls: readonly (readonly [call: string, code: number, members: readonly string[]])[] = [
    ["status", 5, ["error"]],
    ["migrate", 0, ["database", "changed", "from", "to", "copy"]],
    ["migrate --quiet", 0, ["database", "changed", "from", "to", "copy"]],
    ["version", 0, ["version", "commit", "bun"]],
    ["help", 0, ["commands"]],
    ["help site", 0, ["commands"]],
    ["help site add", 0, ["command", "summary", "words", "options"]],
    ["site add --help", 0, ["command", "summary", "words", "options"]],
    ["frobnicate", 2, ["error"]],
    ["site", 2, ["error"]],
    ["", 2, ["error"]],
    ["setmaintenance", 2, ["error"]],
    ["setmaintenance on --nonsense", 2, ["error"]],
    ["setmaintenance on 7", 1, ["error"]],
    ["setmaintenance on", 7, ["database", "revision", "changed", "sites", "reached"]],
    ["setmaintenance on --offline", 0, ["database", "revision", "changed", "sites", "reached", "stillReachable"]],
    ["setmaintenance off --dry-run", 0, ["database", "revision", "changed", "dryRun", "wouldChange", "sites"]],
    ["status --exit-code", 10, ["database", "revision", "sites", "sidecars"]],
    ["setmaintenance off", 0, ["database", "revision", "changed", "sites", "stillClosed"]],
    ["status", 0, ["database", "revision", "sites", "sidecars", "faults"]],
    ["downtime_start --for 2h --offline", 0, ["database", "revision", "changed", "periods"]],
    ["downtime_end", 0, ["database", "revision", "changed", "ended", "stillClosed"]],
    ["explain", 0, ["verdict", "why", "site", "path", "period", "retryAfterSeconds", "chain", "faults"]],
    ["site add b.example", 0, ["database", "revision", "changed", "site"]],
    ["site set 2 --name B", 0, ["database", "revision", "changed", "site"]],
    ["site alias add 2 www.b.example", 0, ["database", "revision", "changed", "site"]],
    ["site list", 0, ["database", "sites"]],
    ["site remove 2", 0, ["database", "revision", "changed", "site"]],
    ["exempt add --path /x", 0, ["database", "revision", "changed", "exemptions"]],
    ["exempt list", 0, ["database", "exemptions"]],
    ["exempt remove 1", 0, ["database", "revision", "changed", "exemption"]],
    ["period add --for 1h --name x --offline", 0, ["database", "revision", "changed", "periods"]],
    ["period disable 3", 0, ["database", "revision", "changed", "period"]],
    ["period enable 3 --offline", 0, ["database", "revision", "changed", "period"]],
    ["period extend 3 --by 1h --offline", 0, ["database", "revision", "changed", "period"]],
    ["period end 3", 0, ["database", "revision", "changed", "period"]],
    ["period cancel 3", 1, ["error"]],
    ["period list", 0, ["database", "periods"]],
    ["wait --open", 0, ["database", "revision", "wanted", "ending", "reached", "sites"]],
    ["period remove 3", 0, ["database", "revision", "changed", "period"]],
    ["upcoming", 0, ["database", "periods", "more"]],
    ["readonly add --safe=POST%20/search", 2, ["error"]],
    ["readonly list", 0, ["database", "rules"]],
    ["readonly remove 1", 1, ["error"]],
    ["bypass create --offline", 0, ["database", "revision", "changed", "bypasses", "reached"]],
    ["bypass list", 0, ["database", "bypasses"]],
    ["bypass revoke 1", 7, ["database", "revision", "changed", "bypasses", "reached"]],
    ["bypass rotate-keys", 0, ["database", "revision", "changed", "keys", "reached"]],
    ["recurrence add --rule FREQ=DAILY --at 02:00 --for 1h", 0, ["database", "revision", "changed", "recurrences"]],
    ["recurrence list", 0, ["database", "recurrences"]],
    ["recurrence show 1", 0, ["database", "recurrence", "occurrences"]],
    ["recurrence skip 1 2026-11-22", 0, ["database", "revision", "changed", "recurrence", "occurrence"]],
    ["recurrence restore 1 2026-11-22", 0, ["database", "revision", "changed", "recurrence", "occurrence"]],
    ["recurrence move 1 2026-11-22 --start 03:00", 0, ["database", "revision", "changed", "recurrence", "occurrence"]],
    ["recurrence end 1", 1, ["error"]],
    ["recurrence disable 1", 0, ["database", "revision", "changed", "recurrence"]],
    ["recurrence enable 1", 0, ["database", "revision", "changed", "recurrence"]],
    ["recurrence remove 1", 0, ["database", "revision", "changed", "recurrence"]],
    ["sidecar list", 0, ["database", "sidecars"]],
    ["sidecar remove nobody", 1, ["error"]],
    ["audit", 0, ["database", "entries"]],
    ["backup copy.db", 0, ["database", "copy", "bytes"]],
    ["backup copy.db", 1, ["error"]],
    ["serve --listen nonsense", 2, ["error"]],
    ["page check", 0, ["files", "findings"]],
    ["page check gone.html", 1, ["error"]],
    ["page inline gone.html", 1, ["error"]],
    ["page preview --listen nonsense", 2, ["error"]],
  ];

  test("every command prints one object, done or not", async () => {
    await using console = openConsole();
    for (const [call, code, members] of calls) {
      console.clock.elapsedMs += 1;
      const said = await console.call(...wordsOf(call), "--json");
      const object = onlyObject(said.out);
      expect({ call, code: said.code, ...object }).toMatchObject({ call, code, schemaVersion: 1, exitCode: code });
      expect({ call, missing: members.filter((member) => !(member in object)) }).toEqual({ call, missing: [] });
    }
    const untried = jsonNames.filter((name) => !calls.some(([call]) => call === name || call.startsWith(`${name} `)));
    expect(untried).toEqual([]);
  });

  test("times are RFC 3339 everywhere", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --for 2h --offline");
    await console.call("exempt", "add", "--path", "/x", "--expires", "in 1h");
    const [start, end, expires] = [noon, noon + 2 * hourMs, noon + hourMs].map((at) =>
      new Date(at).toISOString().replace(".000", ""),
    );
    expect(await console.json("status")).toMatchObject({ sites: [{ opensAt: end, periods: [{ start, end }] }] });
    expect(await console.json("explain")).toMatchObject({ period: { start, end }, chain: [{ start, end }] });
    expect(await console.json("period list")).toMatchObject({ periods: [{ start, end }] });
    const { exemptions } = await console.json("exempt list");
    expect(Array.isArray(exemptions) ? exemptions[0] : null).toMatchObject({ expires });
    const { entries } = await console.json("audit");
    expect(Array.isArray(entries) ? entries[1] : null).toMatchObject({
      at: start,
      before: null,
      after: { start, end },
    });
  });
});

describe("help", () => {
  test.each(names)("%s explains itself, however it is asked", async (name) => {
    await using console = openConsole();
    const words = name.split(" ");
    const asked = await console.call("help", ...words);
    expect({ code: asked.code, err: asked.err }).toEqual({ code: 0, err: "" });
    for (const argv of [
      [...words, "--help"],
      [...words, "-h"],
      [...words, "--nonsense", "--help"],
    ]) {
      expect(await console.call(...argv)).toEqual(asked);
    }
    const json = jsonNames.includes(name) ? ["--json"] : [];
    for (const option of [...json, "--quiet", "--database FILE", "--config FILE", "-h, --help"]) {
      expect(asked.out).toContain(`  ${option}`);
    }
    expect(asked.out).not.toMatch(/undefined|[^\S\n]\n/);
    expect(await Bun.file(console.path).exists()).toBe(false);
  });

  test("lists every command", async () => {
    await using console = openConsole();
    const { code, out, err } = await console.call("help", "--quiet");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(names.filter((name) => !out.includes(`\n  lull ${name} `))).toEqual([]);
    for (const word of ["--help", "-h"]) expect((await console.call(word, "--quiet")).out).toBe(out);
    expect(out.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  test("lists the commands that begin with a word", async () => {
    await using console = openConsole();
    const { out } = await console.lull("help site");
    expect(out.match(/lull site/g)).toHaveLength(5);
    expect(out.split("\n")).toHaveLength(6);
    expect((await console.lull("site --help")).out).toBe(out);
  });

  test("--version is version", async () => {
    await using console = openConsole();
    expect(await console.lull("--version --quiet")).toEqual(await console.lull("version --quiet"));
    expect((await console.lull("--version")).out).toMatch(/^lull \d+\.\d+\.\d+[^\n]*, Bun [^\n]+\n$/);
  });

  test("is written as the command is", () => {
    expect(
      synopsis("a b", { x: { type: "positional" }, y: { type: "positional", required: false, valueHint: "Y ..." } }),
    ).toBe("a b X [Y ...]");
  });
});

describe("--quiet", () => {
  test("leaves out everything of a command that worked", async () => {
    await using console = openConsole();
    for (const call of [
      "migrate",
      "setmaintenance on --offline",
      "status",
      "explain",
      "site list",
      "audit",
      "setmaintenance off",
    ]) {
      console.clock.elapsedMs += 1;
      expect({ call, ...(await console.lull(`${call} --quiet`)) }).toEqual({ call, code: 0, out: "", err: "" });
    }
    expect(await console.lull("status --exit-code --quiet")).toEqual({ code: 0, out: "", err: "" });
  });

  test.each([
    ["is refused", "setmaintenance on 7 --quiet", 1, "Unknown site ids: 7"],
    ["is wrongly written", "setmaintenance maybe --quiet", 2, "invalid choice"],
    ["closes nothing", "setmaintenance on --quiet", 7, "nothing is closed"],
  ])("keeps the words of a command that %s", async (_, call, code, words) => {
    await using console = openConsole();
    const said = await console.lull(call);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toContain(words);
  });
});

describe("a terminal", () => {
  const esc = String.fromCharCode(27);
  const nasty = `${esc}[31mred${esc}[0m\r\nlull: done${String.fromCharCode(0x9b)}2J\u202eover\u0007`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
  const raw = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/u;

  test("never gets control characters that somebody wrote into a reason, a name or an owner", async () => {
    await using console = openConsole({ actor: nasty });
    const calls: readonly (readonly string[])[] = [
      ["site", "set", "1", "--name", nasty, "--message", nasty, "--reason", nasty],
      ["downtime_start", "--name", nasty, "--reason", nasty, "--offline"],
      ["downtime_start", "--name", nasty, "--reason", nasty, "--offline"],
      ["period", "add", "--name", `${nasty}2`, "--message", nasty, "--reason", nasty, "--offline"],
      ["exempt", "add", "--path", "/x", "--description", nasty],
      ["setmaintenance", "off"],
      ["setmaintenance", "on", nasty],
      ["status"],
      ["status", nasty],
      ["explain"],
      ["explain", "--host", nasty],
      ["explain", "--uri", nasty],
      ["explain", "--at", nasty],
      ["site", "list"],
      ["period", "list"],
      ["exempt", "list"],
      ["audit"],
      ["downtime_end"],
      ["downtime_end", "--name", nasty],
      [nasty],
      ["status", `--${nasty}`],
    ];
    for (const call of calls) {
      for (const form of [[], ["--json"]]) {
        console.clock.elapsedMs += 1;
        const { out, err } = await console.call(...call, ...form);
        expect({ call, raw: raw.exec(out + err) }).toEqual({ call, raw: null });
      }
    }
  });

  test("JSON loses nothing of it", async () => {
    await using console = openConsole();
    await console.call("downtime_start", "--reason", nasty, "--offline");
    expect(await console.json("status")).toMatchObject({ sites: [{ periods: [{ reason: nasty }] }] });
  });

  test.each([
    ["nothing is said about colours", {}],
    ["NO_COLOR is set", { NO_COLOR: "1" }],
    ["colours are forced", { FORCE_COLOR: "1", CLICOLOR_FORCE: "1" }],
  ])("gets no colours when %s", async (_, environment: Record<string, string>) => {
    await using console = openConsole({ environment });
    for (const call of ["help", "help setmaintenance", "setmaintenance on", "setmaintenance", "status", "audit"]) {
      const { out, err } = await console.lull(call);
      expect(out + err).not.toContain(esc);
    }
  });

  test("tables keep their columns with wide letters", async () => {
    await using console = openConsole();
    await console.call("site", "add", "b.example", "--name", "日本語", "--message", "x");
    await console.call("site", "add", "c.example", "--name", "abc", "--message", "x");
    const lines = (await console.lull("site list")).out.trimEnd().split("\n").slice(2);
    expect(new Set(lines.map((line) => Bun.stringWidth(line))).size).toBe(1);
  });
});
