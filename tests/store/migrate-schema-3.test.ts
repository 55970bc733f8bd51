/**
 * A database that the last program of schema 3 has made (commit f52ee65, under a clock of the 20th of November 2026):
 * corpora/schema-3.sqlite is what its `lull backup` wrote after `site set|add|alias|remove` with redirects and origins,
 * `exempt add`, `readonly add`, `setmaintenance on|off`, `downtime_start --lease --expect`, `downtime_end`,
 * `period add|disable`, and `recurrence add|skip`: periods that run, are past, are planned, are disabled, and two rules.
 * corpora/schema-3-verdicts.jsonl is what its `decide` said of ten visits at nine instants.
 */
import { describe, expect, test } from "bun:test";
import { selectBypasses, selectBypassKeys } from "../../src/store/bypasses.ts";
import { migrate } from "../../src/store/migrate.ts";
import { readSites } from "../../src/store/sites.ts";
import { makeBypass } from "./bypass-builders.ts";
import { olderDatabase, rowsOf } from "./older-database.ts";
import { now, revisionOf } from "./store-fixture.ts";

const tables = ["site", "site_alias", "period", "recurrence", "occurrence", "readonly_rule", "exemption", "audit"];

describe("a database of schema 3", () => {
  test("has no bypass and no key, and no column more in what it has", async () => {
    await using old = await olderDatabase("schema-3");
    const before = await rowsOf(old.database, [...tables, "sidecar"]);
    await migrate(old.database, now);
    expect(await rowsOf(old.database, [...tables, "sidecar"])).toEqual(before);
    expect(await selectBypasses(old.database.orm)).toEqual([]);
    expect(await selectBypassKeys(old.database.orm)).toEqual([]);
    const sites = await readSites(old.database.orm);
    expect(sites.map(({ redirectUrl, origins }) => [redirectUrl, ...origins])).toEqual([
      [""],
      ["https://status.example/shop", "https://pay.example"],
      ["", "https://app.example", "https://m.example"],
    ]);
  });

  test("takes changes of today's kind", async () => {
    await using old = await olderDatabase("schema-3");
    await migrate(old.database, now);
    const { bypass } = await makeBypass(old.database);
    expect([bypass.id, await revisionOf(old.database)]).toEqual([1, 28]);
  });
});
