import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { decide, findSite } from "../../src/gate/decide.ts";
import {
  buildSnapshot,
  putSites,
  removeSites,
  type SiteRecord,
  sealDraft,
  startDraft,
} from "../../src/gate/snapshot.ts";
import { everywhere, exempt, now, period, policy, record, site, visit } from "./builders.ts";

const rest = { revision: 1, everywhere: everywhere(), policy: policy({ unknownHost: "open" }) };
const heard = { at: now, leaseEnds: new Map<number, number>() };
const one = record({ site: site(1, "one.example", ["*.one.example"]), exemptions: [exempt("pattern", "^a")] });
const two = record({ site: site(2, "two.example", ["*"]), periods: [period({ siteId: 2 })] });

function siteOf(snapshot: ReturnType<typeof buildSnapshot>, host: string): number | null {
  return findSite(snapshot, visit({ host }))?.site.id ?? null;
}

describe("a snapshot's host names", () => {
  test.each<[string, readonly SiteRecord[]]>([
    [
      "in one order",
      [
        record({ site: site(3, "a.example", ["*.a.example", "*"]) }),
        record({ site: site(7, "*", ["a.example", "*.a.example"]) }),
      ],
    ],
    [
      "in the other",
      [
        record({ site: site(7, "*", ["a.example", "*.a.example"]) }),
        record({ site: site(3, "a.example", ["*.a.example", "*"]) }),
      ],
    ],
  ])("belong to the lower number when two sites claim them, %s", (_sentence, sites) => {
    const snapshot = buildSnapshot({ ...rest, heardAt: now, sites });
    for (const host of ["a.example", "x.a.example", "else.example"]) expect(siteOf(snapshot, host)).toBe(3);
  });

  test("go to the other site when the first is removed or renamed", () => {
    const base = buildSnapshot({
      ...rest,
      heardAt: now,
      sites: [record({ site: site(1, "a.example") }), record({ site: site(2, "a.example") })],
    });
    const removed = startDraft(base, heard);
    removeSites(removed, [1, 99]);
    expect(siteOf(sealDraft(removed, rest), "a.example")).toBe(2);
    const renamed = startDraft(base, heard);
    putSites(renamed, [record({ site: site(1, "b.example") })]);
    const snapshot = sealDraft(renamed, rest);
    expect([siteOf(snapshot, "a.example"), siteOf(snapshot, "b.example")]).toEqual([2, 1]);
    const aliased = startDraft(base, heard);
    putSites(aliased, [record({ site: site(1, "a.example", ["c.example"]) })]);
    expect(siteOf(sealDraft(aliased, rest), "c.example")).toBe(1);
    expect(siteOf(base, "a.example")).toBe(1);
  });
});

test("names after any changes are those of a snapshot that was built at once", () => {
  const names = fc.uniqueArray(fc.constantFrom("a.example", "b.example", "*.a.example", "*"), { minLength: 1 });
  const change = fc.record({ id: fc.integer({ min: 1, max: 4 }), names: fc.option(names), seal: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      let draft = startDraft(null, heard);
      const kept = new Map<number, SiteRecord>();
      for (const { id, names: claimed, seal } of changes) {
        if (claimed === null) {
          removeSites(draft, [id]);
          kept.delete(id);
        } else {
          const [domain = "", ...aliases] = claimed;
          const put = record({ site: site(id, domain, aliases) });
          putSites(draft, [put]);
          kept.set(id, put);
        }
        if (seal) draft = startDraft(sealDraft(draft, rest), heard);
      }
      const found = sealDraft(draft, rest);
      const expected = buildSnapshot({ ...rest, heardAt: now, sites: [...kept.values()] });
      expect([found.exactHosts, found.wildcardHosts, found.anyHost]).toEqual([
        expected.exactHosts,
        expected.wildcardHosts,
        expected.anyHost,
      ]);
    }),
    { numRuns: 300 },
  );
});

describe("a draft", () => {
  const base = buildSnapshot({
    ...rest,
    heardAt: now,
    sites: [one, two],
    everywhere: everywhere({ exemptions: [exempt("path", "/a")] }),
  });

  test("shares the sites that did not change, and the names when none did", () => {
    const draft = startDraft(base, heard);
    putSites(draft, [{ ...two, periods: [] }]);
    const next = sealDraft(draft, { ...rest, revision: 2 });
    expect(next.sites.get(1)).toBe(base.sites.get(1));
    expect(next.sites.get(2)).not.toBe(base.sites.get(2));
    expect(next.exactHosts).toBe(base.exactHosts);
    expect(next.revision).toBe(2);
  });

  test("keeps compiled exemptions over changes of something else, and drops them over changes of their own", () => {
    const draft = startDraft(base, heard);
    putSites(draft, [{ ...one, periods: [period()], exemptions: [exempt("pattern", "^a")] }]);
    const next = sealDraft(draft, { ...rest, everywhere: everywhere({ exemptions: [exempt("path", "/a")] }) });
    expect(next.sites.get(1)?.exemptions).toBe(base.sites.get(1)?.exemptions);
    expect(next.everywhere.exemptions).toBe(base.everywhere.exemptions);
    const changes = [
      exempt("pattern", "^b"),
      exempt("pattern", "^a", { expires: now }),
      exempt("exact", "/a"),
      exempt("pattern", "^a", { id: 3 }),
    ];
    for (const changed of changes) {
      const other = startDraft(base, heard);
      putSites(other, [{ ...one, exemptions: [changed] }]);
      expect(sealDraft(other, rest).sites.get(1)?.exemptions.list).toEqual([changed]);
    }
  });

  test("does not change what answers meanwhile", () => {
    const draft = startDraft(base, heard);
    removeSites(draft, [2]);
    putSites(draft, [{ ...one, periods: [period()] }]);
    expect(base.sites.size).toBe(2);
    expect(decide(base, visit({ host: "one.example" }), now).kind).toBe("open");
    expect(decide(sealDraft(draft, rest), visit({ host: "one.example" }), now).kind).toBe("closed");
  });

  test("cannot be changed or sealed again", () => {
    const draft = startDraft(null, heard);
    const snapshot = sealDraft(draft, rest);
    expect(() => putSites(draft, [one])).toThrow("sealed");
    expect(() => removeSites(draft, [1])).toThrow("sealed");
    expect(() => sealDraft(draft, rest)).toThrow("sealed");
    expect(snapshot.sites.size).toBe(0);
  });

  test("gives the same snapshot in chunks as at once", () => {
    const sites = Array.from({ length: 50 }, (_, index) =>
      record({ site: site(index + 1, `s${index}.example`), periods: [period({ id: index, siteId: index + 1 })] }),
    );
    const draft = startDraft(null, heard);
    for (let start = 0; start < sites.length; start += 7) putSites(draft, sites.slice(start, start + 7));
    const plain = (text: unknown) => JSON.stringify(text, (_key, value) => (value instanceof Map ? [...value] : value));
    expect(plain(sealDraft(draft, rest))).toBe(plain(buildSnapshot({ ...rest, heardAt: now, sites })));
  });
});
