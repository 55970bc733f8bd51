import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseTrust } from "../../src/gate/client-ip.ts";
import type { Exemption, ExemptionKind } from "../../src/gate/exemption.ts";
import { canonicalExemption } from "../../src/gate/exemption.ts";
import type { Period } from "../../src/gate/period.ts";
import type { Site } from "../../src/gate/site.ts";
import type { SiteRecord } from "../../src/gate/snapshot.ts";
import { type RawVisit, readVisit, type Visit } from "../../src/gate/visit.ts";

export const hour = 3_600_000;
export const now = Date.UTC(2026, 0, 15, 12);

export const trust = parseTrust(["loopback", "unix"]);

/** A period that has been running for an hour, with no end, on site 1. */
export function period(change: Partial<Period> = {}): Period {
  return {
    id: 1,
    siteId: 1,
    name: "maintenance",
    start: now - hour,
    end: null,
    enabled: true,
    mode: "full",
    reason: "",
    message: "",
    owner: "",
    ...change,
  };
}

export function site(id: number, domain: string, aliases: readonly string[] = []): Site {
  return { id, domain, aliases, name: "", message: "" };
}

export function record(change: Partial<SiteRecord> = {}): SiteRecord {
  return { site: site(1, "*"), periods: [], exemptions: [], ...change };
}

/** As a command adds it: canonical. */
export function exempt(kind: ExemptionKind, value: string, change: Partial<Exemption> = {}): Exemption {
  return {
    id: null,
    siteId: null,
    kind,
    value: canonicalExemption(kind, value),
    description: "",
    expires: null,
    ...change,
  };
}

/** As nginx asks over a unix socket, for a visitor at 203.0.113.9. */
export function rawVisit(change: Partial<RawVisit> = {}): RawVisit {
  const base: RawVisit = {
    site: null,
    host: "example.com",
    target: "/",
    method: "GET",
    peer: { kind: "unix" },
    addressHeader: "203.0.113.9",
  };
  return { ...base, ...change };
}

export function visit(change: Partial<RawVisit> = {}): Visit {
  return readVisit(rawVisit(change), trust);
}

/** The lines of a corpus beside the tests. */
export function readCorpus(name: string): readonly unknown[] {
  const text = readFileSync(join(import.meta.dir, "corpora", name), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}
