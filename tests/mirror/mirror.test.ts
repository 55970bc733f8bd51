import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { putSites, sealDraft, startDraft } from "../../src/gate/snapshot.ts";
import { everywhere, period, record, site, snapshotOf } from "../gate/builders.ts";
import { eventually } from "../store/thread-fixture.ts";
import { closing, contentsOf, flagsIn, makeFlagFolders, mirrorScene, pageOf } from "./mirror-scene.ts";

const heldOf = (mode: "full" | "readonly", message = "") => ({
  mode,
  message,
  site: null,
  reason: "",
  start: null,
  opensAt: null,
});

test("the folder holds flags, pages and maps of what is held, and nothing of what is open", async () => {
  await using scene = mirrorScene();
  await scene.settle(
    closing([
      { siteId: 2, message: "soon" },
      { siteId: 3, mode: "readonly" },
    ]),
  );
  const { "mirror.json": written = "", ".lull-flag": _, ...rest } = contentsOf(scene.root);
  expect(rest).toEqual({
    "closed/2": "",
    "closed/3": "",
    "readonly/3": "",
    "503.html": "down",
    "pages/2.html": "site 2 full soon until null",
    "pages/3.html": "site 3 readonly  until null",
    "hosts.map": "# host, number of its site\ns1.test 1\ns2.test 2\ns3.test 3\n* 1\n",
    "wildcards.map": "# end of a host, number of its site\n",
    "states.map": "# number of a site, closed or readonly\n2 closed\n3 readonly\n",
  });
  expect(JSON.parse(written)).toMatchObject({ schemaVersion: 1, revision: 1, instance: "one" });
  await scene.settle(closing([], 2));
  expect(flagsIn(scene.root)).toEqual([]);
  expect(readdirSync(join(scene.root, "pages"))).toEqual([]);
});

test("a page that is the common one is not there twice", async () => {
  await using scene = mirrorScene({ renderPage: (held) => pageOf(held === null ? null : { ...held, site: null }) });
  await scene.settle(
    closing([
      { siteId: null, message: "all" },
      { id: 2, siteId: 2, message: "all" },
    ]),
  );
  expect(flagsIn(scene.root)).toEqual(["closed/1", "closed/2", "closed/3", "closed/unknown"]);
  expect(contentsOf(scene.root)["503.html"]).toBe(pageOf(heldOf("full", "all")));
  expect(readdirSync(join(scene.root, "pages"))).toEqual([]);
});

test("another user can read all of it, whatever the umask", async () => {
  const before = process.umask(0o077);
  try {
    await using scene = mirrorScene();
    await scene.settle(closing([{ siteId: 2 }]));
    const modeOf = (path: string) => statSync(join(scene.root, path)).mode & 0o777;
    const files = Object.keys(contentsOf(scene.root));
    expect(files.filter((path) => modeOf(path) !== 0o644)).toEqual([]);
    expect(["", "closed", "readonly", "pages"].filter((path) => modeOf(path) !== 0o755)).toEqual([]);
  } finally {
    process.umask(before);
  }
});

test("at the start what is stale goes, what is missing comes, and what is not ours stays", async () => {
  const foreign = { "closed/README": "keep", "pages/logo.svg": "keep", "notes.txt": "keep", "closed/07": "keep" };
  await using scene = mirrorScene({
    isAlive: (processId) => processId === 4_000_000,
    prepare(root) {
      makeFlagFolders(root);
      const stale = { "closed/1": "", "readonly/2": "", "closed/99": "", "pages/1.html": "old", "pages/2.html": "old" };
      const partial = {
        "closed/.lull-4999999-x": "",
        ".lull-4999999-503.html": "ha",
        ".lull-4000000-503.html": "writing",
      };
      for (const [path, text] of Object.entries({ ...foreign, ...stale, ...partial }))
        writeFileSync(join(root, path), text);
    },
  });
  await scene.settle(closing([{ siteId: 2 }]));
  expect(contentsOf(scene.root)).toMatchObject(foreign);
  expect(flagsIn(scene.root)).toEqual(["closed/07", "closed/2", "closed/README"]);
  expect(readdirSync(join(scene.root, "pages")).sort()).toEqual(["2.html", "logo.svg"]);
  expect(contentsOf(scene.root)["pages/2.html"]).toContain("site 2 full");
  expect(
    readdirSync(scene.root)
      .filter((name) => name.startsWith("."))
      .sort(),
  ).toEqual([".lull-4000000-503.html", ".lull-flag"]);
});

test("what is right already is left as it is", async () => {
  await using scene = mirrorScene();
  const snapshot = closing([{ siteId: 2 }]);
  await scene.settle(snapshot);
  const inode = (path: string) => statSync(join(scene.root, path)).ino;
  const before = ["503.html", "pages/2.html", "closed/2", "hosts.map", "states.map"].map(inode);
  await scene.settle(closing([{ siteId: 2, start: snapshot.siteTimelines[0]?.[0]?.starts[0] ?? 0 }], 2));
  expect(["503.html", "pages/2.html", "closed/2", "hosts.map", "states.map"].map(inode)).toEqual(before);
});

test("pages that changed are written again, also those of sites that stay closed", async () => {
  let version = 1;
  await using scene = mirrorScene({ renderPage: (held) => (held === null ? "down" : `${version} ${pageOf(held)}`) });
  await scene.settle(closing([{ siteId: 2 }]));
  version = 2;
  scene.mirror.refresh();
  await eventually(
    () => contentsOf(scene.root)["pages/2.html"] ?? "",
    (page) => page.startsWith("2 "),
  );
});

test("whoever reads finds whole files at every moment", async () => {
  await using scene = mirrorScene({ renderPage: (held) => (held?.message ?? "x").repeat(200_000) });
  await scene.settle(closing([{ siteId: null, message: "a" }]));
  const found: string[] = [];
  for (let revision = 2; revision < 40; revision++) {
    scene.mirror.follow(closing([{ siteId: null, message: "ab"[revision % 2] ?? "" }], revision));
    do {
      found.push(readFileSync(join(scene.root, "503.html"), "utf8"));
      await Bun.sleep(0);
    } while (scene.mirror.step === "behind");
  }
  expect(found.length).toBeGreaterThan(100);
  expect(found.filter((page) => !/^(?:a{200000}|b{200000})$/.test(page)).map(({ length }) => length)).toEqual([]);
});

test("when one of 10,000 sites closes, what all the others need is neither made nor written again", async () => {
  await using scene = mirrorScene();
  const periodsOf = (id: number) => (id === 78 ? [period({ siteId: id, start: 0 })] : []);
  const records = Array.from({ length: 10_000 }, (_, index) =>
    record({ site: site(index + 1, `s${index + 1}.test`), periods: periodsOf(index + 1) }),
  );
  const first = snapshotOf({ sites: records, heardAt: Date.now() });
  await scene.settle(first);
  const inodes = () => ["hosts.map", "wildcards.map", "503.html"].map((name) => statSync(join(scene.root, name)).ino);
  const before = inodes();
  const rendered = scene.rendered.length;
  const draft = startDraft(first, { at: Date.now(), leaseEnds: new Map() });
  putSites(draft, [record({ site: site(77, "s77.test"), periods: [period({ siteId: 77, start: 0 })] })]);
  await scene.settle(sealDraft(draft, { revision: 2, everywhere: everywhere(), policy: first.policy }));
  expect(flagsIn(scene.root)).toEqual(["closed/77", "closed/78"]);
  expect(inodes()).toEqual(before);
  expect(scene.rendered.slice(rendered).map((held) => held?.site?.id ?? null)).toEqual([null, 77]);
});

describe("the clock", () => {
  /** How long after the instant the flags are as they should be, in milliseconds. */
  async function lateness(root: string, at: number, wanted: readonly string[]): Promise<number> {
    for (;;) {
      if (JSON.stringify(flagsIn(root)) === JSON.stringify(wanted)) return Date.now() - at;
      if (Date.now() > at + 5_000) throw new Error(`found last: ${flagsIn(root)}`);
      await Bun.sleep(1);
    }
  }

  test("alone closes and opens, within 50 ms of the verdict and not before", async () => {
    await using scene = mirrorScene();
    const start = Date.now() + 300;
    const end = start + 300;
    await scene.settle(
      closing([
        { siteId: 2, start, end },
        { siteId: 3, start: end, mode: "readonly" },
      ]),
    );
    expect(flagsIn(scene.root)).toEqual([]);
    const late = [
      await lateness(scene.root, start, ["closed/2"]),
      await lateness(scene.root, end, ["closed/3", "readonly/3"]),
    ];
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThan(50);
  });

  test.each([
    ["set forward, over the start", { start: 3_600_000, end: 7_200_000 }, 3_600_000, [], ["closed/2"]],
    ["set forward, over the end", { start: -1_000, end: 3_600_000 }, 3_600_000, ["closed/2"], []],
    ["set back, before the start", { start: -1_000, end: 3_600_000 }, -60_000, ["closed/2"], []],
    ["set back, into a period that was over", { start: -60_000, end: -1_000 }, -30_000, [], ["closed/2"]],
  ] as const)("%s, is followed within 50 ms", async (_sentence, { start, end }, byMs, before, after) => {
    await using scene = mirrorScene();
    const now = Date.now();
    await scene.settle(closing([{ siteId: 2, start: now + start, end: now + end }]));
    expect(flagsIn(scene.root)).toEqual([...before]);
    scene.clock.aheadMs = byMs;
    expect(await lateness(scene.root, Date.now(), after)).toBeLessThan(50);
  });

  test("that passes what was planned changes the page", async () => {
    await using scene = mirrorScene();
    const expectedEnd = Date.now() + 200;
    await scene.settle(closing([{ siteId: 2, expectedEnd }]));
    expect(contentsOf(scene.root)["pages/2.html"]).toContain(`until ${expectedEnd}`);
    await eventually(
      () => contentsOf(scene.root)["pages/2.html"],
      (page) => page === "site 2 full  until null",
    );
  });
});

describe("a folder that cannot be written", () => {
  test("is told once, and written when it can be", async () => {
    await using scene = mirrorScene({
      prepare(root) {
        makeFlagFolders(root);
        mkdirSync(join(root, "states.map"));
      },
    });
    scene.mirror.follow(closing([{ siteId: 2 }]));
    await eventually(
      () => scene.faults.length,
      (count) => count > 0,
    );
    // What can be written is.
    expect(flagsIn(scene.root)).toEqual(["closed/2"]);
    expect(scene.mirror.step).toBe("behind");
    expect(scene.mirror.fault).toBe(
      `${scene.root}/states.map cannot be written: something else has this name; move it away`,
    );
    await Bun.sleep(600);
    expect(scene.faults).toHaveLength(1);
    rmSync(join(scene.root, "states.map"), { recursive: true });
    await eventually(
      () => scene.mirror.step,
      (step) => step === "in-step",
    );
    expect([scene.mirror.fault, scene.count.recovered]).toEqual([null, 1]);
    expect(scene.steps).not.toContain("yielding");
  });

  test.each([
    ["its folder is missing", "/nowhere/at/all/mirror", "its folder does not exist; make it"],
    ["a file has its name", "/proc/version", "something else has this name; move it away"],
  ])("says what to do where %s", async (_sentence, root, advice) => {
    await using scene = mirrorScene({ root });
    scene.mirror.follow(closing([{ siteId: 2 }]));
    await eventually(
      () => scene.mirror.fault ?? "",
      (fault) => fault.startsWith(root) && fault.includes(advice),
    );
    expect(scene.steps).toEqual([]);
  });

  test("something that is no file in a flag's place is no flag", async () => {
    await using scene = mirrorScene({
      prepare(root) {
        makeFlagFolders(root);
        mkdirSync(join(root, "closed", "2"));
      },
    });
    scene.mirror.follow(closing([{ siteId: 2 }]));
    await eventually(
      () => scene.mirror.fault ?? "",
      (fault) => fault.includes("closed/2 cannot be written"),
    );
    expect(scene.mirror.step).toBe("behind");
  });
});

test.each([
  ["a flag that somebody took away", (root: string) => rmSync(join(root, "closed/2"))],
  ["a flag that somebody raised", (root: string) => writeFileSync(join(root, "closed/1"), "")],
  ["a map that somebody wrote", (root: string) => writeFileSync(join(root, "states.map"), "")],
  ["the whole folder", (root: string) => rmSync(root, { recursive: true })],
])("%s is repaired soon, and told", async (_sentence, spoil) => {
  await using scene = mirrorScene();
  await scene.settle(closing([{ siteId: 2 }]));
  const { "mirror.json": _, ...before } = contentsOf(scene.root);
  spoil(scene.root);
  await eventually(
    () => scene.count.repaired,
    (count) => count === 1,
  );
  await eventually(
    () => scene.mirror.step,
    (step) => step === "in-step",
  );
  expect(contentsOf(scene.root)).toMatchObject(before);
  expect(flagsIn(scene.root)).toEqual(["closed/2"]);
});

test("stopping leaves the folder as it is", async () => {
  await using scene = mirrorScene();
  const end = Date.now() + 150;
  await scene.settle(closing([{ siteId: 2, end }]));
  const before = contentsOf(scene.root);
  await scene.mirror.stop();
  scene.mirror.follow(closing([], 2));
  await Bun.sleep(end + 150 - Date.now());
  expect(contentsOf(scene.root)).toEqual(before);
});
