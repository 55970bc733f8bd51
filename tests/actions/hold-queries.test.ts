import { expect, test } from "bun:test";
import { drizzle } from "drizzle-orm/libsql/sqlite3";
import * as schema from "../../db/schema.ts";
import { beginHold, endHolds } from "../../src/actions/hold.ts";
import { addPeriod } from "../../src/actions/periods.ts";
import { context, hour, now, testDatabase, withSites } from "../store/store-fixture.ts";

const held = { name: "downtime", end: null, mode: "full", whenShorter: "keep" } as const;

test("however many sites a change closes, opens or plans for, it reads the periods once", async () => {
  await using one = await testDatabase();
  const sites = await withSites(
    one.database,
    Array.from({ length: 30 }, (_, index) => `s${index}.example`),
  );
  const reads: string[] = [];
  const logQuery = (query: string) => {
    if (/^select .* from "period"/.test(query)) reads.push(query);
  };
  const orm = drizzle(one.database.client, { schema, logger: { logQuery } });
  const watched = { ...one.database, orm };
  const begun = await beginHold(watched, context(), { ...held, sites: [...sites, ...sites] });
  expect(begun.result.map(({ kind }) => kind)).toEqual([
    ...sites.map(() => "started" as const),
    ...sites.map(() => "already" as const),
  ]);
  expect(reads).toHaveLength(1);
  const siteIds = sites.map((site) => site.id);
  const ended = await endHolds(watched, context({ now: now + 1 }), { siteIds, name: "downtime" });
  expect(ended.result).toHaveLength(sites.length);
  expect(reads).toHaveLength(2);
  const night = { name: "night", start: now + hour, end: now + 2 * hour, mode: "full", message: "" } as const;
  await addPeriod(watched, context(), { ...night, sites });
  expect(reads).toHaveLength(3);
});
