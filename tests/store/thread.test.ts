import { describe, expect, test } from "bun:test";
import { hostname } from "node:os";
import { removeSite, setSite } from "../../src/actions/sites.ts";
import { openDatabase } from "../../src/store/database.ts";
import { readSidecars, type Sidecar, upsertSidecar } from "../../src/store/sidecars.ts";
import { policy } from "../gate/builders.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { askElsewhereNow } from "./asking-process.ts";
import { context, exemption, now, optionsFor, testDatabase, withSites } from "./store-fixture.ts";
import { addSiteElsewhere, eventually, makeDatabase, settings, sidecarsIn, testThread } from "./thread-fixture.ts";

const isThere = (value: unknown) => value !== undefined;

describe("the database thread", () => {
  test("makes a database where there is none, and places its snapshot", async () => {
    await using folder = temporaryFolder();
    await using one = testThread(folder.file("new/lull.db"));
    await eventually(() => one.snapshots[0], isThere);
    expect([...one.snapshot.sites.keys()]).toEqual([1]);
    expect(one.snapshot).toMatchObject({ revision: 1, anyHost: 1, policy: settings.policy });
    expect(one.faults).toEqual([]);
  });

  test("places what another process changes, and keeps what did not change", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("lull.db");
    await makeDatabase(path);
    await using one = testThread(path);
    await eventually(
      () => one.snapshots.length,
      (length) => length === 1,
    );
    expect(await addSiteElsewhere(path, "a")).toBe(2);
    await eventually(
      () => one.snapshot.revision,
      (revision) => revision === 2,
    );
    const [first, second] = one.snapshots;
    expect(second?.sites.get(1)).toBe(first?.sites.get(1));
    expect(second?.sites.get(2)?.site.domain).toBe("a-0.example");
    expect(second?.exactHosts.get("a-0.example")).toBe(2);
    expect(one.snapshots.length).toBe(2);
  });

  test("places sites that change and takes those away that go", async () => {
    await using one = await testDatabase();
    await withSites(one.database, ["a.example", "b.example"]);
    await using followed = testThread(one.database.path);
    await eventually(
      () => followed.snapshots.length,
      (length) => length === 1,
    );
    await setSite(one.database, context(), { site: "2", message: "Soon", consent: "ask" });
    await removeSite(one.database, context(), { site: "3", consent: "ask" });
    await eventually(
      () => followed.snapshot.revision,
      (revision) => revision === 4,
    );
    expect([...followed.snapshot.sites.values()].map(({ site }) => [site.domain, site.message])).toEqual([
      ["*", ""],
      ["a.example", "Soon"],
    ]);
  });

  test("confirms that the snapshot is the newest, again and again", async () => {
    await using folder = temporaryFolder();
    await using one = testThread(folder.file("lull.db"));
    const startedAt = Date.now();
    await eventually(
      () => one.confirmed.length,
      (length) => length >= 3,
    );
    const [first = 0, second = 0, third = 0] = one.confirmed;
    expect(first).toBeGreaterThanOrEqual(startedAt);
    for (const gap of [second - first, third - second]) expect(gap).toBeGreaterThan(400);
  });

  test("applies other settings to the snapshot that is there, and to those that follow", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("lull.db");
    await using one = testThread(path);
    const early = { policy: policy({ unknownHost: "open", defaultSite: 3 }), exemptions: [] };
    one.thread.apply(early);
    await eventually(
      () => one.snapshots.length,
      (length) => length === 1,
    );
    expect(one.snapshot.policy).toEqual(early.policy);
    const late = policy({ unknownHost: "closed", defaultSite: 7, noticeLeadMs: 5 });
    one.thread.apply({ policy: late, exemptions: [exemption({ value: "/b" })] });
    expect(one.snapshots.length).toBe(2);
    await addSiteElsewhere(path, "a");
    await eventually(
      () => one.snapshot.revision,
      (revision) => revision === 2,
    );
    for (const snapshot of one.snapshots.slice(1)) {
      expect(snapshot.policy).toEqual(late);
      expect(snapshot.everywhere.exemptions.list.map(({ value }) => value)).toEqual(["/b"]);
    }
  });

  test("places ten thousand sites with what is theirs, without stopping the serving thread", async () => {
    await using one = await testDatabase();
    await one.database.client.executeMultiple(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
        INSERT INTO site (domain, name, message) SELECT 's' || i || '.example', '', '' FROM n;
      INSERT INTO exemption (site_id, kind, value, description) SELECT id, 'path', '/a' || id, '' FROM site;
      INSERT INTO period (site_id, name, start_at, enabled, mode, reason, message, owner)
        SELECT id, 'n', 1, 1, 'full', '', '', '' FROM site WHERE id % 2 = 0;
    `);
    let last = performance.now();
    let longestGapMs = 0;
    const timer = setInterval(() => {
      longestGapMs = Math.max(longestGapMs, performance.now() - last);
      last = performance.now();
    }, 1);
    await using followed = testThread(one.database.path);
    await eventually(
      () => followed.snapshots.length,
      (length) => length === 1,
    );
    clearInterval(timer);
    const { sites, siteTimelines, exactHosts } = followed.snapshot;
    expect([sites.size, exactHosts.size, siteTimelines.length]).toEqual([10_001, 10_000, 5_000]);
    expect(sites.get(7_777)?.exemptions.list.map(({ value }) => value)).toEqual(["/a7777"]);
    expect(longestGapMs).toBeLessThan(200);
  });
});

describe("the sidecar's row", () => {
  const settled = async (path: string, one: ReturnType<typeof testThread>) => {
    const count = one.confirmed.length;
    await eventually(
      () => one.confirmed.length,
      (length) => length >= count + 2,
    );
    return sidecarsIn(path);
  };

  test("is there from the announcement to the stop", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("lull.db");
    await makeDatabase(path);
    await using one = testThread(path);
    await eventually(
      () => one.snapshots.length,
      (length) => length === 1,
    );
    expect(await settled(path, one)).toEqual([]);
    const announcedAt = Date.now();
    void one.thread.announce();
    const [row] = await eventually(
      () => sidecarsIn(path),
      (rows) => rows.length === 1,
    );
    expect(row).toEqual({ ...one.identity, revision: 1, rollCall: 0, seenAt: row?.seenAt ?? 0 });
    expect(row?.seenAt).toBeGreaterThanOrEqual(announcedAt);
    await one.thread.stop();
    expect(await sidecarsIn(path)).toEqual([]);
    expect(one.faults).toEqual([]);
  });

  test("says a revision only after its snapshot is in place", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("lull.db");
    await makeDatabase(path);
    await using one = testThread(path);
    void one.thread.announce();
    await eventually(
      () => sidecarsIn(path),
      (rows) => rows.length === 1,
    );
    const said: number[] = [];
    one.onPlace = () => {
      // Another process looks while this thread, which is in the midst of placing, can answer nothing.
      said.push(Number(askElsewhereNow(path, "SELECT revision FROM sidecar")[0]));
    };
    for (const name of ["a", "b"]) await addSiteElsewhere(path, name);
    await eventually(
      () => sidecarsIn(path),
      ([row]) => row?.revision === 3,
    );
    expect(said.length).toBe(one.snapshots.length - 1);
    for (const [index, revision] of said.entries()) expect(revision).toBe(one.snapshots[index]?.revision ?? -1);
  });

  test("is renewed every five seconds", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("lull.db");
    await makeDatabase(path);
    await using one = testThread(path);
    void one.thread.announce();
    const [first] = await eventually(
      () => sidecarsIn(path),
      (rows) => rows.length === 1,
    );
    const seenAt = first?.seenAt ?? 0;
    const [second] = await eventually(
      () => sidecarsIn(path),
      ([row]) => (row?.seenAt ?? 0) > seenAt,
    );
    expect((second?.seenAt ?? 0) - seenAt).toBeGreaterThan(4_900);
    expect((second?.seenAt ?? 0) - seenAt).toBeLessThan(7_000);
  }, 20_000);

  test("comes back when it was taken away", async () => {
    await using one = await testDatabase();
    await using followed = testThread(one.database.path);
    void followed.thread.announce();
    await eventually(
      () => readSidecars(one.database.orm),
      (rows) => rows.length === 1,
    );
    await one.database.client.execute("DELETE FROM sidecar");
    await eventually(
      () => readSidecars(one.database.orm),
      (rows) => rows.length === 1,
    );
  }, 20_000);

  test("takes the place of those that dead processes of this machine have left", async () => {
    await using folder = temporaryFolder();
    const path = folder.file("lull.db");
    await makeDatabase(path);
    const dead = Bun.spawn(["true"]);
    await dead.exited;
    const seenAt = Date.now();
    const row: Sidecar = {
      instance: "",
      hostname: hostname(),
      processId: dead.pid,
      listen: "",
      version: "",
      startedAt: now,
      seenAt,
      revision: 1,
      rollCall: 0,
    };
    const database = await openDatabase(optionsFor(path));
    const left: readonly Partial<Sidecar>[] = [
      { instance: "dead" },
      { instance: "dead, its number is ours now", processId: process.pid },
      { instance: "dead, and silent for long", seenAt: seenAt - 61_000 },
      { instance: "alive", processId: process.ppid },
      { instance: "alive, and silent for long: it may be frozen", processId: process.ppid, seenAt: seenAt - 61_000 },
      { instance: "of another machine, and silent for long", hostname: "elsewhere", seenAt: seenAt - 999_000 },
    ];
    for (const each of left) await upsertSidecar(database.orm, { ...row, ...each });
    await using one = testThread(path, { instance: "new" });
    void one.thread.announce();
    const rows = await eventually(
      () => readSidecars(database.orm),
      (all) => all.some(({ instance }) => instance === "new"),
    );
    expect(rows.map(({ instance }) => instance).sort()).toEqual([
      "alive",
      "alive, and silent for long: it may be frozen",
      "new",
      "of another machine, and silent for long",
    ]);
    await database.close();
  });
});
