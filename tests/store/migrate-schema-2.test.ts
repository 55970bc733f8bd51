/**
 * A database that the last program of schema 2 has made (commit af74917, under a clock of the 20th of November 2026):
 * corpora/schema-2.sqlite is what its `lull backup` wrote after `site set|add|alias|remove`, `exempt add`,
 * `readonly add|remove`, `setmaintenance on|off`, `downtime_start --lease --expect`, `period add|extend|disable|cancel`,
 * and `recurrence add|disable|skip|move`: periods that run, are past, are planned, are disabled, and four rules.
 * corpora/schema-2-verdicts.jsonl is what its `decide` said of ten visits at nine instants.
 */
import { describe, expect, test } from "bun:test";
import { setSite } from "../../src/actions/sites.ts";
import { migrate } from "../../src/store/migrate.ts";
import { readSites } from "../../src/store/sites.ts";
import { olderDatabase } from "./older-database.ts";
import { context, now } from "./store-fixture.ts";

describe("a database of schema 2", () => {
  test("sends nobody elsewhere, and lets no other origin in", async () => {
    await using old = await olderDatabase("schema-2");
    await migrate(old.database, now);
    const sites = await readSites(old.database.orm);
    expect(sites.map(({ domain }) => domain)).toEqual(["*", "shop.example", "*.blog.example"]);
    for (const site of sites) expect(site).toMatchObject({ redirectUrl: "", origins: [] });
  });

  test("takes changes of today's kind", async () => {
    await using old = await olderDatabase("schema-2");
    await migrate(old.database, now);
    const redirectUrl = "https://status.example/";
    const { result, revision } = await setSite(old.database, context(), { site: "2", redirectUrl, consent: "ask" });
    expect([result.redirectUrl, revision]).toEqual([redirectUrl, 36]);
  });
});
