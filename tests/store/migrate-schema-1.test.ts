/**
 * A database that the last program of schema 1 has made (commit d3a288c, under a clock of the 20th of November 2026):
 * corpora/schema-1.sqlite is what its `lull backup` wrote after `site set|add|alias|remove`, `exempt add|remove`,
 * `setmaintenance on shop.example`, `downtime_start --site '*.blog.example' --for 2h --name move`, `downtime_start` and
 * `downtime_end --name short`, and `period add|disable|remove`: periods that run, are past, are planned, are disabled.
 * corpora/schema-1-verdicts.jsonl is what its `decide` said of ten visits at nine instants.
 */
import { describe, expect, test } from "bun:test";
import { beginHold } from "../../src/actions/hold.ts";
import { plainPeriod } from "../../src/gate/period.ts";
import { migrate, migrations, schemaState } from "../../src/store/migrate.ts";
import { readPeriods } from "../../src/store/periods.ts";
import { olderDatabase } from "./older-database.ts";
import { context, newest, now, refusalOf } from "./store-fixture.ts";

describe("a database of schema 1", () => {
  test("has periods of which what it had no column for says nothing", async () => {
    await using old = await olderDatabase("schema-1");
    await migrate(old.database, now);
    const periods = await readPeriods(old.database.orm);
    expect(periods.map(({ name }) => name)).toEqual(["maintenance", "move", "short", "calm", "night", "after"]);
    for (const period of periods) expect(period).toMatchObject(plainPeriod);
  });

  test("is refused afterwards by the program that made it, which cannot know what leases and recurrences close", async () => {
    await using old = await olderDatabase("schema-1");
    await migrate(old.database, now);
    expect(await refusalOf(schemaState(old.database, migrations.slice(0, 1)))).toBe(
      `unreachable: database ${old.database.path}: its schema ${newest} can be read from version 2 on, and this program knows 1; install the newer lull`,
    );
  });

  test("takes changes of today's kind", async () => {
    await using old = await olderDatabase("schema-1");
    await migrate(old.database, now);
    const held = {
      sites: null,
      name: "deploy",
      end: null,
      mode: "full",
      whenShorter: "keep",
      leaseMs: 60_000,
    } as const;
    const { result, revision } = await beginHold(old.database, context(), held);
    expect([result[0]?.period.id, result[0]?.period.leaseEnd, revision]).toEqual([8, now + 60_000, 25]);
  });
});
