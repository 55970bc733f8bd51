import { describe, expect, test } from "bun:test";
import { addAlias, addSite, removeAlias, removeSite, setSite } from "../../src/actions/sites.ts";
import { redirectLoops } from "../../src/gate/redirect-loops.ts";
import type { Database } from "../../src/store/database.ts";
import { readSites } from "../../src/store/sites.ts";
import { auditOf, context, refusalOf, revisionOf, testDatabase, withSites } from "../store/store-fixture.ts";

const whole = { domain: "a.example", name: "", message: "", redirectUrl: "", origins: [] };

async function withA() {
  const one = await testDatabase();
  await withSites(one.database, ["a.example"]);
  return one;
}

describe("a redirect, and origins,", () => {
  async function redirected() {
    const one = await testDatabase();
    await withSites(one.database, ["a.example", "b.example", "*.c.example"]);
    await setSite(one.database, context(), { site: "2", redirectUrl: "https://www.b.example/x", consent: "ask" });
    return one;
  }

  test("are set, kept and taken away", async () => {
    await using one = await withA();
    const set = (change: object) => setSite(one.database, context(), { site: "2", consent: "ask", ...change });
    const said = { redirectUrl: "https://status.example/", origins: ["https://app.example", "http://b.example"] };
    const before = { id: 2, ...whole, aliases: [] };
    const done = await set({
      redirectUrl: "https://Status.example",
      origins: ["https://app.example/", "http://B.example:80"],
    });
    expect(done).toEqual({ result: { ...before, ...said }, revision: 3, changed: true });
    expect((await auditOf(one.database, done)).map(({ action, before, after }) => ({ action, before, after }))).toEqual(
      [{ action: "site.set", before, after: { ...before, ...said } }],
    );
    expect(await set({ redirectUrl: "HTTPS://status.example/" })).toMatchObject({ changed: false });
    expect((await set({ message: "Soon" })).result).toEqual({ ...before, ...said, message: "Soon" });
    expect((await set({ redirectUrl: "", origins: [] })).result).toEqual({ ...before, message: "Soon" });
  });

  test.each<[string, object, string]>([
    ["what is no URL", { redirectUrl: "/down" }, '"/down" is no address that a visitor can be sent to'],
    ["what is no origin", { origins: ["a.example"] }, '"a.example" is no origin: write "https://a.example"'],
    ["* beside others", { origins: ["*", "https://a.example"] }, '"*" is every origin'],
  ])("are refused when they are %s", async (_sentence, change, words) => {
    await using one = await withA();
    const said = { site: "2", consent: "ask", ...change } as const;
    expect(await refusalOf(setSite(one.database, context(), said))).toStartWith(`refused: ${words}`);
    const added = { ...whole, domain: "c.example", ...change };
    expect(await refusalOf(addSite(one.database, context(), added))).toStartWith(`refused: ${words}`);
    expect(await revisionOf(one.database)).toBe(2);
  });

  const itself = (label: string, url: string) =>
    `site ${label} would send its held visitors to ${url}, which is the site itself: redirect to another host, or take the redirect away`;
  const circle =
    "held visitors would be sent round in a circle, by site 2 (a.example) to https://www.b.example/x, by site 3 (b.example) to https://a.example/: redirect to another host, or take one of the redirects away";
  const ask = { consent: "ask" } as const;

  test.each<[string, (database: Database) => Promise<unknown>, string]>([
    [
      "set to the site's own domain",
      (database) => setSite(database, context(), { ...ask, site: "3", redirectUrl: "https://b.example/" }),
      itself("3 (b.example)", "https://b.example/"),
    ],
    [
      "set to what the site's wildcard covers",
      (database) => setSite(database, context(), { ...ask, site: "4", redirectUrl: "https://d.c.example/" }),
      itself("4 (*.c.example)", "https://d.c.example/"),
    ],
    [
      "of a new site to itself",
      (database) => addSite(database, context(), { ...whole, domain: "d.example", redirectUrl: "https://D.example/x" }),
      itself("5 (d.example)", "https://d.example/x"),
    ],
    [
      "made to lead back by a new alias",
      (database) => addAlias(database, context(), { site: "2", host: "*.b.example" }),
      itself("2 (a.example)", "https://www.b.example/x"),
    ],
    [
      "made to lead back by a new domain",
      (database) => setSite(database, context(), { ...ask, site: "2", domain: "www.b.example" }),
      itself("2 (www.b.example)", "https://www.b.example/x"),
    ],
    [
      "made to lead back by the removal of a site below a wildcard",
      async (database) => {
        await addAlias(database, context(), { site: "3", host: "b.c.example" });
        await setSite(database, context(), { ...ask, site: "4", redirectUrl: "https://b.c.example/" });
        await removeSite(database, context(), { site: "3", consent: "force" });
      },
      itself("4 (*.c.example)", "https://b.c.example/"),
    ],
    [
      "made to lead back by the removal of an alias below a wildcard",
      async (database) => {
        await addAlias(database, context(), { site: "3", host: "b.c.example" });
        await setSite(database, context(), { ...ask, site: "4", redirectUrl: "https://b.c.example/" });
        await removeAlias(database, context(), { site: "3", host: "b.c.example", consent: "force" });
      },
      itself("4 (*.c.example)", "https://b.c.example/"),
    ],
    [
      "to a site that leads back, when it is set",
      async (database) => {
        await addAlias(database, context(), { site: "3", host: "www.b.example" });
        await setSite(database, context(), { ...ask, site: "3", redirectUrl: "https://a.example" });
      },
      circle,
    ],
    [
      "to a site that leads back, when that gets an alias",
      async (database) => {
        await setSite(database, context(), { ...ask, site: "3", redirectUrl: "https://a.example" });
        await addAlias(database, context(), { site: "3", host: "www.b.example" });
      },
      circle,
    ],
  ])("is refused: a redirect %s", async (_sentence, act, words) => {
    await using one = await redirected();
    const refusal = await refusalOf(act(one.database));
    expect(refusal).toBe(`refused: ${words}`);
    const sites = await readSites(one.database.orm);
    expect(redirectLoops(sites)).toEqual([]);
    expect(sites).toHaveLength(4);
  });

  test("of the site of every host may be set to a host that nobody else has", async () => {
    await using one = await redirected();
    const done = await setSite(one.database, context(), { ...ask, site: "1", redirectUrl: "https://status.example/" });
    expect(done.changed).toBe(true);
  });

  test("that led in a circle already, as somebody wrote them, hinder no other change", async () => {
    await using one = await redirected();
    await one.database.client.execute("UPDATE site SET redirect_url = 'https://b.example/' WHERE id = 3");
    expect((await setSite(one.database, context(), { ...ask, site: "3", message: "Soon" })).changed).toBe(true);
    expect((await addAlias(one.database, context(), { site: "3", host: "e.example" })).changed).toBe(true);
    const again = setSite(one.database, context(), { ...ask, site: "3", redirectUrl: "https://b.example/again" });
    expect(await refusalOf(again)).toBe(`refused: ${itself("3 (b.example)", "https://b.example/again")}`);
    expect((await setSite(one.database, context(), { ...ask, site: "3", redirectUrl: "" })).changed).toBe(true);
  });
});
