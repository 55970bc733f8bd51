import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bypass, type BypassKey, type Credentials, noCredentials } from "../../src/gate/bypass.ts";
import { parseTrust } from "../../src/gate/client-ip.ts";
import type { Exemption, ExemptionKind } from "../../src/gate/exemption.ts";
import { canonicalExemption } from "../../src/gate/exemption.ts";
import { type InstantMs, type Period, plainPeriod } from "../../src/gate/period.ts";
import type { Occurrences, Recurrence } from "../../src/gate/recurrence.ts";
import type { Site } from "../../src/gate/site.ts";
import {
  buildSnapshot,
  type EverywhereRecord,
  type Policy,
  type SiteRecord,
  type Snapshot,
} from "../../src/gate/snapshot.ts";
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
    ...plainPeriod,
    ...change,
  };
}

/** What a recurrence on site 1 has yielded, from `start` to `end` each. */
export function recurring(
  times: readonly (readonly [InstantMs, InstantMs])[],
  change: Partial<Recurrence> = {},
): Occurrences {
  const recurrence: Recurrence = {
    id: 1,
    siteId: 1,
    name: "backup",
    rules: "FREQ=DAILY",
    timezone: "UTC",
    at: "02:00:00",
    durationMs: hour,
    to: null,
    from: "2026-01-01",
    until: null,
    except: [],
    enabled: true,
    mode: "full",
    reason: "",
    message: "",
    owner: "",
    ...change,
  };
  return {
    recurrence,
    starts: Float64Array.from(times, ([start]) => start),
    ends: Float64Array.from(times, ([, end]) => end),
  };
}

export function site(id: number, domain: string, aliases: readonly string[] = []): Site {
  return { id, domain, aliases, name: "", message: "", redirectUrl: "", origins: [] };
}

export function record(change: Partial<SiteRecord> = {}): SiteRecord {
  return { site: site(1, "*"), ...everywhere(), ...change };
}

/** What holds on all sites. */
export function everywhere(change: Partial<EverywhereRecord> = {}): EverywhereRecord {
  return { periods: [], recurring: [], exemptions: [], readonlyRules: [], ...change };
}

/** Strangers get site 1, and nobody is told of what comes. */
export function policy(change: Partial<Policy> = {}): Policy {
  return {
    unknownHost: "default-site",
    defaultSite: 1,
    noticeLeadMs: 0,
    publicReason: true,
    blockStaff: false,
    ...change,
  };
}

export interface SnapshotParts {
  readonly revision?: number;
  /** Site 1 that is every host, with nothing, unless given. */
  readonly sites?: readonly SiteRecord[];
  readonly everywhere?: Partial<EverywhereRecord>;
  readonly policy?: Partial<Policy>;
  /** `now` unless given. */
  readonly heardAt?: InstantMs;
  readonly databaseId?: string;
  readonly bypasses?: readonly Bypass[];
  readonly bypassKeys?: readonly BypassKey[];
}

export function snapshotOf(parts: SnapshotParts = {}): Snapshot {
  const { revision = 1, sites = [record()], heardAt = now } = parts;
  return buildSnapshot({
    revision,
    sites,
    everywhere: everywhere(parts.everywhere),
    policy: policy(parts.policy),
    heardAt,
    databaseId: parts.databaseId ?? "",
    bypasses: parts.bypasses ?? [],
    bypassKeys: parts.bypassKeys ?? [],
  });
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

/** What a visit shows of this, and nothing else. */
export function shows(change: Partial<Credentials>): Credentials {
  return { ...noCredentials, ...change };
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
    credentials: noCredentials,
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
