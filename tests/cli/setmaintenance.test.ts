import { describe, expect, test } from "bun:test";
import { type Console, noon, openConsole } from "./console.ts";

/** Sites 1 example.com and 2 two.example, as in the Django project that is compared with. */
async function twoSites(): Promise<Console> {
  const console = openConsole();
  await console.lull("site set 1 --domain example.com --force");
  await console.lull("site add two.example --name Two");
  await console.lull("site alias add 2 www.two.example");
  return console;
}

describe("setmaintenance, as django-maintenancemode-2 has it", () => {
  test.each<[string, readonly string[], string, number, string, string]>([
    ["the default site", [], "on", 0, "Site 1 (example.com) is now on\n", "example.com"],
    ["the default site again", ["on"], "on", 0, "Site 1 (example.com) already on\n", "example.com"],
    [
      "two sites, one of them on",
      ["on 2"],
      "on 1 2",
      0,
      "Site 1 (example.com) is now on\nSite 2 (two.example) already on\n",
      "example.com two.example",
    ],
    ["several, one unknown", ["on 1 2"], "off 1 2 7", 1, "", "example.com two.example"],
    ["unknown ones alone", ["on"], "off 8 9", 1, "", "example.com"],
    [
      "several, one unknown and ignored",
      ["on 1 2"],
      "off 1 2 7 -i",
      0,
      "Site 1 (example.com) is now off\nSite 2 (two.example) is now off\nunknown site 7 - skipping\n",
      "",
    ],
    [
      "the same, spelled out",
      ["on 1 2"],
      "off 1 2 7 --ignore-missing",
      0,
      "Site 1 (example.com) is now off\nSite 2 (two.example) is now off\nunknown site 7 - skipping\n",
      "",
    ],
    ["nothing but ignored ones", [], "on 7 -i", 0, "unknown site 7 - skipping\n", ""],
    ["no word", [], "", 2, "", ""],
    ["capitals", [], "ON", 2, "", ""],
    ["another word", [], "maybe", 2, "", ""],
    ["a name that is nobody's", [], "on abc", 1, "", ""],
    ["one twice", [], "on 1 1", 0, "Site 1 (example.com) is now on\nSite 1 (example.com) already on\n", "example.com"],
    ["one twice off", ["on"], "off 1 1", 0, "Site 1 (example.com) is now off\nSite 1 (example.com) already off\n", ""],
    ["one that is off", [], "off", 0, "Site 1 (example.com) already off\n", ""],
    ["a domain", [], "on two.example", 0, "Site 2 (two.example) is now on\n", "two.example"],
    ["an alias in capitals", [], "on WWW.two.example", 0, "Site 2 (two.example) is now on\n", "two.example"],
    [
      "a number and its domain",
      [],
      "on 2 two.example",
      0,
      "Site 2 (two.example) is now on\nSite 2 (two.example) already on\n",
      "two.example",
    ],
    [
      "all",
      [],
      "on --all",
      0,
      "Site 1 (example.com) is now on\nSite 2 (two.example) is now on\n",
      "example.com two.example",
    ],
    ["all off", ["on 2"], "off --all", 0, "Site 1 (example.com) already off\nSite 2 (two.example) is now off\n", ""],
    ["all and one", [], "on --all 1", 2, "", ""],
  ])("%s", async (_, before, words, code, out, closed) => {
    await using console = await twoSites();
    for (const call of before) await console.lull(`setmaintenance ${call} --offline`);
    console.clock.elapsedMs += 1;
    const said = await console.lull(`setmaintenance ${words} --offline`);
    expect({ code: said.code, out: said.out }).toEqual({ code, out });
    const { sites } = await console.json("status");
    const names = Array.isArray(sites)
      ? sites.filter((site) => site.state === "closed").map((site) => site.domain)
      : [];
    expect(names.join(" ")).toBe(closed);
  });

  test.each([
    ["an unknown number", "off 1 2 7", "Unknown site ids: 7"],
    ["unknown numbers in their order", "off 9 8", "Unknown site ids: 9 8"],
    ["a name", "on abc", "no site abc"],
    ["both", "on abc 7", "Unknown site ids: 7; no site abc"],
    ["a missing word", "", "on|off is missing; write: lull setmaintenance on|off [SITE ...]"],
    ["capitals", "ON", 'invalid choice: "ON" (choose from on, off)'],
    ["another word", "maybe", 'invalid choice: "maybe" (choose from on, off)'],
    ["all and one", "on 2 --all", "--all and the site 2 exclude each other; give one"],
  ])("refuses %s on standard error", async (_, words, message) => {
    await using console = await twoSites();
    const { out, err } = await console.lull(`setmaintenance ${words}`);
    expect(out).toBe("");
    expect(err.split("\n")[0]).toBe(`lull: ${message}`);
  });

  test.each([
    ["one", "on blog.example.org", "no site blog.example.org; site 3 (*.example.org) answers for it"],
    [
      "one beside a number and a name",
      "on blog.example.org 7 abc",
      "Unknown site ids: 7; no site blog.example.org; site 3 (*.example.org) answers for it; no site abc",
    ],
    ["a number alone", "off 1 7", "Unknown site ids: 7"],
  ])("names the site that answers for an unknown host: %s", async (_, words, message) => {
    await using console = await twoSites();
    await console.lull("site add *.example.org");
    const { code, err } = await console.lull(`setmaintenance ${words}`);
    expect({ code, first: err.split("\n")[0] }).toEqual({ code: 1, first: `lull: ${message}` });
  });

  test("nothing of a refused call is done", async () => {
    await using console = await twoSites();
    const before = await console.json("status");
    await console.lull("setmaintenance on 1 2 7 --offline");
    expect(await console.json("status")).toEqual(before);
  });
});

describe("setmaintenance on", () => {
  test("says what stays reachable", async () => {
    await using console = openConsole({ settings: ['internal_ips = ["10.0.0.0/8"]'] });
    await console.call("exempt", "add", "--pattern", "^docs", "--site", "1");
    await console.call("exempt", "add", "--path", "/old", "--expires", "in 1m");
    console.clock.elapsedMs = 60_000;
    const { err } = await console.lull("setmaintenance on --offline");
    expect(err).toContain(
      "still reachable: everything from 10.0.0.0/8, /admin, /robots.txt, /.well-known/acme-challenge, /.well-known/security.txt, pattern ^docs\n",
    );
    expect(err).toContain(`database ${console.path}\n`);
  });

  test("says of which site, when there are several", async () => {
    await using console = openConsole({ settings: ["admin_ignored_urls = []", "default_exemptions = []"] });
    await console.lull("site add b.example");
    await console.lull("exempt add --path /x --site 2");
    expect((await console.lull("setmaintenance on --all --offline")).err).toContain(
      "still reachable: /x on site 2 (b.example)\n",
    );
    expect((await console.lull("setmaintenance on 2 --offline")).err).toContain("still reachable: /x\n");
  });

  test("says so when nothing does", async () => {
    await using console = openConsole({ settings: ["admin_ignored_urls = []", "default_exemptions = []"] });
    expect((await console.lull("setmaintenance on --offline")).err).toContain("nothing stays reachable\n");
  });

  const probe = 'staff_probe = "http://127.0.0.1:8000/admin/"';
  const root = 'superuser_claim = "X-Groups: root"';
  test.each<[string, readonly string[], string | null, unknown]>([
    ["no way is configured", ["block_staff = true"], null, null],
    [
      "they get in",
      [probe, 'staff_claim = "X-Groups: staff"', root],
      "staff get in by staff_probe, staff_claim, superuser_claim",
      { blockStaff: false, staff: ["staff_probe", "staff_claim"], superuser: ["superuser_claim"] },
    ],
    [
      "they wait outside",
      [probe, root, "block_staff = true"],
      "staff wait outside by block_staff; superusers get in by superuser_claim",
      { blockStaff: true, staff: ["staff_probe"], superuser: ["superuser_claim"] },
    ],
    [
      "all wait outside",
      [probe, "block_staff = true"],
      "staff wait outside by block_staff; no setting makes anybody superuser, who would get in",
      { blockStaff: true, staff: ["staff_probe"], superuser: [] },
    ],
  ])("says what becomes of staff: %s", async (_, settings, words, staffEntry) => {
    await using console = openConsole({ settings });
    const lines = (await console.lull("setmaintenance on --offline")).err.split("\n");
    const at = lines.findIndex((line) => line.startsWith("still reachable: "));
    expect(lines.filter((line) => /^(?:staff|superusers) /.test(line))).toEqual(words === null ? [] : [words]);
    if (words !== null) expect(lines[at + 1]).toBe(words);
    expect(await console.json("setmaintenance on --offline")).toMatchObject({ staffEntry });
  });

  test("keeps who did it, when and why", async () => {
    await using console = openConsole();
    await console.call("setmaintenance", "on", "--offline", "--reason", "new disks");
    const { sites } = await console.json("status");
    expect(sites).toMatchObject([
      {
        state: "closed",
        opensAt: null,
        periods: [
          { name: "maintenance", owner: "ada@desk", reason: "new disks", start: "2026-11-20T12:00:00Z", end: null },
        ],
      },
    ]);
    expect(noon).toBe(Date.parse("2026-11-20T12:00:00Z"));
  });
});

describe("setmaintenance off that leaves a site closed", () => {
  test("says by what, by whose, until when", async () => {
    await using console = openConsole();
    console.as("bob@desk");
    await console.call("downtime_start", "--for", "2h", "--reason", "disks", "--offline");
    console.as("ada@desk");
    await console.lull("setmaintenance on --offline");
    console.clock.elapsedMs += 1;
    const said = await console.lull("setmaintenance off");
    expect(said.out).toBe("Site 1 (*) is now off\n");
    expect(said.err).toContain(
      'site 1 (*) stays closed: "downtime" on all sites (period 1) by bob@desk until 2026-11-20 14:00 UTC (2026-11-20T14:00:00Z): disks\n',
    );
  });

  test("also when it was off already, and when what is left lets reading through", async () => {
    await using console = openConsole();
    await console.lull("period add --mode readonly --name freeze --offline");
    const said = await console.lull("setmaintenance off");
    expect(said.out).toBe("Site 1 (*) already off\n");
    expect(said.err).toContain(
      'site 1 (*) stays read-only: "freeze" on all sites, read-only (period 1) by ada@desk without an end\n',
    );
  });
});
