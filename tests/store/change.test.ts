import { describe, expect, test } from "bun:test";
import { addSite } from "../../src/actions/sites.ts";
import { readAudit } from "../../src/store/audits.ts";
import { change } from "../../src/store/change.ts";
import { insertSite, readSites } from "../../src/store/sites.ts";
import { startChangingProcess } from "./changing-process.ts";
import { auditOf, columnOf, context, newest, now, refusalOf, revisionOf, testDatabase } from "./store-fixture.ts";

const added = { domain: "a.example", name: "", message: "", redirectUrl: "", origins: [] };

describe("a change", () => {
  test("raises the revision by one and leaves an audit row for each thing that it did", async () => {
    await using one = await testDatabase();
    const done = await change(one.database, context({ reason: "move" }), async (step) => {
      const site = await insertSite(step.queries, added);
      await step.record({ action: "site.add", siteId: site.id, after: site });
      await step.record({ action: "site.note", siteId: null, before: { a: 1 } });
      return site.id;
    });
    expect(done).toEqual({ result: 2, revision: 2, changed: true });
    expect(await revisionOf(one.database)).toBe(2);
    const row = { revision: 2, at: now, actor: "ada@desk", reason: "move" };
    expect(await auditOf(one.database, done)).toEqual([
      { ...row, action: "site.add", siteId: 2, before: null, after: { id: 2, ...added, aliases: [] } },
      { ...row, action: "site.note", siteId: null, before: { a: 1 }, after: null },
    ]);
  });

  test("that records nothing raises nothing", async () => {
    await using one = await testDatabase();
    const done = await change(one.database, context(), async () => "looked");
    expect(done).toEqual({ result: "looked", revision: 1, changed: false });
    expect(await revisionOf(one.database)).toBe(1);
    expect(await readAudit(one.database.orm, { limit: 9 })).toEqual([]);
  });

  test("that throws leaves nothing, and what it threw is thrown", async () => {
    await using one = await testDatabase();
    const bug = new TypeError("a bug");
    const failing = change(one.database, context(), async (step) => {
      await insertSite(step.queries, added);
      await step.record({ action: "site.add", siteId: 2 });
      throw bug;
    });
    expect(await failing.catch((error: unknown) => error)).toBe(bug);
    expect(await revisionOf(one.database)).toBe(1);
    expect(await columnOf(one.database, "SELECT domain FROM site")).toEqual(["*"]);
    expect(await columnOf(one.database, "SELECT id FROM audit")).toEqual([]);
  });

  test("as a dry run gives what it would have been and leaves nothing, not even a number", async () => {
    await using one = await testDatabase();
    const rehearsed = await addSite(one.database, context({ dryRun: true }), added);
    expect(rehearsed).toEqual({ result: { id: 2, ...added, aliases: [] }, revision: 2, changed: true });
    expect(await revisionOf(one.database)).toBe(1);
    expect(await columnOf(one.database, "SELECT domain FROM site")).toEqual(["*"]);
    expect(await columnOf(one.database, "SELECT id FROM audit")).toEqual([]);
    expect(await addSite(one.database, context(), added)).toEqual(rehearsed);
  });

  test("as a dry run is refused as it would be", async () => {
    await using one = await testDatabase();
    const refused = addSite(one.database, context({ dryRun: true }), { ...added, domain: "*" });
    expect(await refusalOf(refused)).toBe("refused: * belongs to site 1 (*) already");
  });

  test("is refused when a newer program has migrated the database since it was opened", async () => {
    await using one = await testDatabase();
    await one.database.client.execute(`UPDATE meta SET schema_version = ${newest + 1}`);
    expect(await refusalOf(addSite(one.database, context(), added))).toBe(
      `unreachable: database ${one.database.path}: its schema ${newest + 1} was made by a newer lull, and this one, which knows ${newest}, only reads it; install the newer lull to change something`,
    );
    expect(await revisionOf(one.database)).toBe(1);
  });

  test("waits for the change of another process, and says so when it waits in vain", async () => {
    await using one = await testDatabase();
    await one.database.client.execute("PRAGMA busy_timeout = 50");
    const other = await one.another();
    const transaction = await other.client.transaction("write");
    expect(await refusalOf(addSite(one.database, context(), added))).toBe(
      `unreachable: database ${one.database.path}: another process holds it locked; wait until it has ended, then try again (nothing was changed)`,
    );
    await transaction.rollback();
    expect((await addSite(one.database, context(), added)).revision).toBe(2);
    await other.close();
  });

  test("of a database without its row meta says what to do", async () => {
    await using one = await testDatabase();
    await one.database.client.execute("DELETE FROM meta");
    expect(await refusalOf(addSite(one.database, context(), added))).toBe(
      'unreachable: the database has lost its row "meta"; put a copy made by "lull backup" in its place',
    );
  });
});

test("two processes that change at once lose no revision, and the audit is complete", async () => {
  await using one = await testDatabase();
  const actors = ["left", "right"];
  const children = actors.map((actor) => startChangingProcess(one.database.path, 100, actor));
  const printed = await Promise.all(children.map((child) => child.stdout.text()));
  expect(await Promise.all(children.map((child) => child.exited))).toEqual([0, 0]);
  const revisions = printed.map((text) => text.trim().split("\n").map(Number));
  const all = Array.from({ length: 200 }, (_, index) => index + 2);
  expect(revisions.flat().sort((a, b) => a - b)).toEqual(all);
  expect(await revisionOf(one.database)).toBe(201);
  const rows = (await readAudit(one.database.orm, { limit: 1_000 })).toReversed();
  expect(rows.map((row) => row.revision)).toEqual(all);
  for (const [index, actor] of actors.entries()) {
    const own = rows.filter((row) => row.actor === actor);
    expect(own.map((row) => row.revision)).toEqual(revisions[index] ?? []);
  }
  expect((await readSites(one.database.orm)).length).toBe(201);
});
