import { describe, expect, test } from "bun:test";
import { readAudit } from "../../src/store/audits.ts";
import { redeemBypass, selectBypasses, selectBypassKeys } from "../../src/store/bypasses.ts";
import { type Console, hourMs, noon, openConsole } from "./console.ts";
import { registerGhost, startReal } from "./sidecars.ts";

const tokenForm = "[\\w-]{43}";

/** A console whose site 2 is shop.example. */
async function withShop(): Promise<Console> {
  const console = openConsole();
  await console.lull("site add shop.example");
  return console;
}

/** All that nobody may see after the link was shown. */
async function secretsOf(console: Console): Promise<readonly string[]> {
  const database = await console.open();
  try {
    const hashes = (await selectBypasses(database.orm)).map(({ tokenHash }) => tokenHash);
    const keys = (await selectBypassKeys(database.orm)).map(({ secret }) => secret);
    return [...hashes, ...keys];
  } finally {
    await database.close();
  }
}

describe("bypass create", () => {
  test.each<[string, string, string]>([
    ["the site's own domain", "--site shop.example", `https://shop\\.example/\\.lull/bypass/${tokenForm}`],
    [
      "the address that was given",
      "--url https://x.example:8443/",
      `https://x\\.example:8443/\\.lull/bypass/${tokenForm}`,
    ],
    [
      "plain http when that is all there is",
      "--site 2 --insecure-cookie",
      `http://shop\\.example/\\.lull/bypass/${tokenForm}`,
    ],
    ["the path alone on all sites", "", `/\\.lull/bypass/${tokenForm}`],
    ["the path alone on a site that is every host", "--site 1", `/\\.lull/bypass/${tokenForm}`],
    [
      "one link a line",
      "--site 1,2",
      `/\\.lull/bypass/${tokenForm}\nhttps://shop\\.example/\\.lull/bypass/${tokenForm}`,
    ],
  ])("prints the link alone, once: %s", async (_, options, expected) => {
    await using console = await withShop();
    const { code, out, err } = await console.lull(`bypass create ${options}`);
    expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`^${expected}\n$`))]);
    expect(err).toContain(`database ${console.path}`);
    expect(err).toContain("whoever has the link gets in; it is not shown again");
    expect(err.includes("--url writes it there")).toBe(/^\//.test(out));
    for (const [token = ""] of out.matchAll(new RegExp(`${tokenForm}$`, "gm"))) expect(err).not.toContain(token);
  });

  test("takes who, where, how long and how often", async () => {
    await using console = await withShop();
    const said = await console.call(
      ...[
        "bypass",
        "create",
        "--site",
        "2",
        "--label",
        "QA team",
        "--path",
        "/checkout",
        "--for",
        "2h",
        "--single-use",
      ],
    );
    expect(said.err).toContain(
      'bypass 1 "QA team" on site 2 (shop.example), for a single use, until 2026-11-20 14:00 UTC',
    );
    const bypass = {
      ...{ id: 1, siteId: 2, label: "QA team", expires: "2026-11-20T14:00:00Z", path: "/checkout" },
      ...{ isSingleUse: true, mayBeInsecure: false, redeemed: null, standing: null },
    };
    expect((await console.json("bypass list"))["bypasses"]).toEqual([bypass]);
  });

  test("as JSON has link and token, also with --quiet", async () => {
    await using console = await withShop();
    const { bypasses } = await console.json("bypass create --site 2 --expires 2026-11-21T12:00:00Z --quiet");
    expect(bypasses).toEqual([
      {
        ...{ id: 1, siteId: 2, label: "", expires: "2026-11-21T12:00:00Z", path: "/", isSingleUse: false },
        ...{ mayBeInsecure: false, redeemed: null, standing: null },
        link: expect.stringMatching(new RegExp(`^https://shop\\.example/\\.lull/bypass/${tokenForm}$`)),
        token: expect.stringMatching(new RegExp(`^${tokenForm}$`)),
      },
    ]);
  });

  test("holds for eight hours unless told", async () => {
    await using console = await withShop();
    await console.lull("bypass create");
    expect(await console.json("bypass list")).toMatchObject({ bypasses: [{ expires: "2026-11-20T20:00:00Z" }] });
  });

  test.each([
    ["--quiet alone, which would hide the link", "--quiet", 2, "--quiet would keep the link back"],
    ["two ends", "--for 2h --expires 13:00", 2, "--for and --expires exclude each other"],
    ["more than thirty days", "--for 31d", 1, "the bypass would hold for 31d, and 30d is the longest"],
    ["plain http", "--url http://shop.example", 1, "is plain http, where browsers drop the cookie of a bypass"],
    ["an address with a path", "--url https://shop.example/a", 1, 'write "https://shop.example"'],
    ["every address", "--url *", 2, '--url "*" is no address'],
    ["one address for two sites", "--site 1,2 --url https://shop.example", 2, "is the address of one site"],
    ["a site that there is not", "--site 9", 1, "no site 9"],
  ])("refuses %s, and makes nothing", async (_, options, code, message) => {
    await using console = await withShop();
    const said = await console.lull(`bypass create ${options}`);
    expect([said.code, said.out]).toEqual([code, ""]);
    expect(said.err).toContain(message);
    expect((await console.json("bypass list"))["bypasses"]).toEqual([]);
  });

  test.each([
    ["thirty days", "--for 30d"],
    ["more with --force", "--for 31d --force"],
    ["plain http for a site that has nothing else", "--url http://shop.example --insecure-cookie"],
    ["one address for a site that is named twice", "--site 2,shop.example --url https://shop.example"],
  ])("takes %s", async (_, options) => {
    await using console = await withShop();
    expect((await console.lull(`bypass create ${options}`)).code).toBe(0);
  });

  test.each([
    ["of another site", "--site 2 --url https://else.example", true],
    ["of the site", "--site 2 --url https://SHOP.example:444", false],
    ["of a site that is every host", "--site 1 --url https://else.example", false],
    ["of whichever site", "--url https://else.example", false],
  ])("says when the address is not the site's: one %s", async (_, options, isStrange) => {
    await using console = await withShop();
    expect((await console.lull(`bypass create ${options}`)).err.includes("is no name of site 2 (shop.example)")).toBe(
      isStrange,
    );
  });

  test.each([
    ["over plain http", "--site 2 --insecure-cookie", 1],
    ["over https", "--site 2", 0],
  ])("warns of who reads the traffic: %s", async (_, options, count) => {
    await using console = await withShop();
    const { err } = await console.lull(`bypass create ${options}`);
    const warning = "over plain http whoever can read the traffic on the way can take link and cookie, and use them";
    expect(err.split("\n").filter((line) => line === warning)).toHaveLength(count);
  });

  test("as a dry run shows no link, and makes nothing", async () => {
    await using console = await withShop();
    const said = await console.lull("bypass create --dry-run");
    expect([said.code, said.out]).toEqual([
      0,
      "bypass 1 on all sites, until 2026-11-20 20:00 UTC (2026-11-20T20:00:00Z), would be made\n",
    ]);
    expect(JSON.stringify(await console.json("bypass create --dry-run"))).not.toMatch(/lull\/bypass|token|link/);
    expect((await console.json("bypass list"))["bypasses"]).toEqual([]);
    expect(await secretsOf(console)).toEqual([]);
  });

  test("shows the link also when a sidecar does not serve it yet, and claims nothing", async () => {
    await using console = await withShop();
    await registerGhost(console);
    const said = await console.lull("bypass create --site 2 --wait 1s");
    expect([said.code, said.out]).toEqual([6, ""]);
    expect(said.err).toMatch(new RegExp(`^https://shop\\.example/\\.lull/bypass/${tokenForm}$`, "m"));
  });

  test("waits for a real sidecar", async () => {
    await using console = await withShop();
    await using _sidecar = await startReal(console);
    const said = await console.lull("bypass create --site 2");
    expect(said.code).toBe(0);
    expect(said.err).toContain("the sidecar serves it");
    expect((await console.lull("bypass revoke 1")).out).toBe("bypass 1 on site 2 revoked\n");
  });
});

describe("bypass list", () => {
  test("shows those that hold, and who has used them when", async () => {
    await using console = await withShop();
    await console.call("bypass", "create", "--site", "2", "--label", "QA", "--path", "/checkout", "--single-use");
    await console.lull("bypass create --for 1h");
    const database = await console.open();
    await redeemBypass(database, { id: 1, siteId: 2, now: noon + 60_000 });
    await database.close();
    expect((await console.lull("bypass list")).out.split("\n")).toEqual([
      "NUMBER  SITE  EXPIRES               USE     REDEEMED              PATH       LABEL",
      "1       2     2026-11-20 20:00 UTC  single  2026-11-20 12:01 UTC  /checkout  QA",
      "2       all   2026-11-20 13:00 UTC  many    not yet               /",
      "",
    ]);
    console.clock.elapsedMs = hourMs;
    expect(await console.json("bypass list")).toMatchObject({
      bypasses: [{ id: 1, redeemed: "2026-11-20T12:01:00Z" }],
    });
    console.clock.elapsedMs = 8 * hourMs;
    expect(await console.lull("bypass list")).toMatchObject({ code: 0, err: "no bypass holds\n" });
  });
});

describe("bypass revoke", () => {
  test("takes one back, or all, or all of a site", async () => {
    await using console = await withShop();
    for (const options of ["--site 1,2", "--site 2", ""]) await console.lull(`bypass create ${options}`);
    const revoke = async (words: string) => (await console.lull(`bypass revoke ${words} --offline`)).out;
    expect(await revoke("1 --dry-run")).toBe("bypass 1 on site 1 would be revoked\n");
    expect(await revoke("1")).toBe("bypass 1 on site 1 revoked\n");
    expect(await revoke("--all --site shop.example")).toBe("bypass 2 on site 2 revoked\nbypass 3 on site 2 revoked\n");
    expect(await revoke("--all")).toBe("bypass 4 on all sites revoked\n");
    const nothing = await console.lull("bypass revoke --all --offline");
    expect([nothing.code, nothing.out]).toEqual([0, ""]);
    expect(nothing.err).toContain("there was nothing to revoke");
  });

  test.each([
    ["nothing", "", 2, "give the NUMBER"],
    ["a number and all", "1 --all", 2, "give the NUMBER"],
    ["a site without all", "1 --site 2", 2, "--site belongs to --all"],
    ["what is no number", "one", 2, '"one" is not the number of a bypass'],
    ["a number that there is not", "7", 1, "no bypass 7"],
  ])("refuses %s", async (_, words, code, message) => {
    await using console = await withShop();
    await console.lull("bypass create");
    const said = await console.lull(`bypass revoke ${words}`);
    expect([said.code, said.out]).toEqual([code, ""]);
    expect(said.err).toContain(message);
    expect((await console.json("bypass list"))["bypasses"]).toHaveLength(1);
  });

  test("does not claim what no sidecar has said", async () => {
    await using console = await withShop();
    await console.lull("bypass create");
    expect(await console.lull("bypass revoke 1")).toMatchObject({ code: 7, out: "" });
  });
});

describe("bypass rotate-keys", () => {
  test("says which key signs, which are kept, and which go", async () => {
    await using console = await withShop();
    await console.lull("bypass create");
    const first = await console.lull("bypass rotate-keys");
    expect(first.out).toBe("key 2 signs from now on, and cookies that are out stay good\n");
    expect(first.err).toContain("kept for them: key 1\n");
    console.clock.elapsedMs = 9 * hourMs;
    const second = await console.lull("bypass rotate-keys");
    expect(second.err).toContain("dropped, as no bypass needs them any more: keys 1, 2\n");
    expect((await console.json("bypass rotate-keys --dry-run"))["keys"]).toEqual({ added: 4, kept: [], dropped: [3] });
  });
});

describe("what would let somebody in", () => {
  test("is seen nowhere but in the link", async () => {
    await using console = await withShop();
    const made = await console.call("bypass", "create", "--site", "2", "--label", "QA");
    await console.lull("bypass create");
    await console.lull("bypass rotate-keys");
    const token = made.out.trim().slice(-43);
    const secrets = [token, ...(await secretsOf(console))];
    expect(new Set(secrets).size).toBe(5);
    const said: string[] = [made.err];
    for (const line of [
      ...[
        "bypass list",
        "bypass list --json",
        "audit",
        "audit --json",
        "status --json",
        "explain --host shop.example --json",
      ],
      ...[
        "bypass rotate-keys --json",
        "bypass revoke 1 --json --offline",
        "site remove 2 --json",
        "bypass revoke --all --offline",
      ],
      ...["audit --limit 99", "audit --limit 99 --json"],
    ]) {
      const { code, out, err } = await console.lull(line);
      expect([line, code]).toEqual([line, 0]);
      said.push(out, err);
    }
    const database = await console.open();
    said.push(JSON.stringify(await readAudit(database.orm, { limit: 99 })));
    await database.close();
    const text = said.join("\n");
    expect(text).toContain("bypass.revoke");
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
  });
});
