import { describe, expect, test } from "bun:test";
import { setSite } from "../../src/actions/sites.ts";
import { readSites } from "../../src/store/sites.ts";
import { readSnapshot } from "../../src/store/snapshot.ts";
import { context, now, testDatabase, withSites } from "./store-fixture.ts";
import { settings } from "./thread-fixture.ts";

describe("what a site says of its held visitors", () => {
  test("is read as it was written", async () => {
    await using one = await testDatabase();
    const said = {
      redirectUrl: "https://status.example/?a=b#c",
      origins: ["https://a.example", "http://b.example:8080"],
    };
    const { result } = await setSite(one.database, context(), { site: "1", ...said, consent: "ask" });
    expect(result).toMatchObject(said);
    expect(await readSites(one.database.orm)).toEqual([result]);
  });

  test.each<[string, string, string, readonly string[]]>([
    ["what is no URL", "'soon'", "''", []],
    ["a URL without a scheme", "'//evil.example/'", "''", []],
    ["a script", "'javascript:alert(1)'", "''", []],
    ["a URL with a line break", "'https://a.example/' || char(13, 10) || 'Set-Cookie: a=b'", "''", []],
    ["a URL that is not canonical", "'HTTPS://A.example'", "''", []],
    ["bytes", "x'68747470'", "x'ff00'", []],
    ["a number", "7", "7", []],
    ["what is no origin", "''", "'a.example https://a.example/x null'", []],
    [
      "some that are none",
      "''",
      "'https://a.example rubbish HTTPS://B.example  https://c.example'",
      ["https://a.example", "https://c.example"],
    ],
    ["one twice", "''", "'https://a.example https://a.example'", ["https://a.example"]],
    ["* beside others", "''", "'* https://a.example'", ["https://a.example"]],
    ["* alone", "''", "'*'", ["*"]],
    ["a line break", "''", "'https://a.example' || char(10) || 'X: y'", []],
  ])("is left out where it is not canonical: %s", async (_sentence, redirectUrl, origins, left) => {
    await using one = await testDatabase();
    const { database } = one;
    await withSites(database, ["a.example"]);
    await database.client.execute(`UPDATE site SET redirect_url = ${redirectUrl}, origins = ${origins} WHERE id = 2`);
    const { snapshot } = await readSnapshot(database, settings, { now });
    expect([...snapshot.sites.values()].map(({ site }) => [site.redirectUrl, site.origins])).toEqual([
      ["", []],
      ["", left],
    ]);
  });
});
