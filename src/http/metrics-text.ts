import type { InstantMs } from "../gate/period.ts";
import { unheardLeases } from "../gate/reminders.ts";
import { siteState } from "../gate/site-state.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { checkBuckets } from "./metrics.ts";
import type { Sidecar } from "./sidecar.ts";
import { snapshotAgeMs } from "./snapshot-age.ts";

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [suffix: string, labels: Labels, value: number];

interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** All metrics in Prometheus' text format 0.0.4. Names and labels are API. */
export function metricsText(sidecar: Sidecar): string {
  const { serving, metrics, identity } = sidecar;
  const { snapshot } = serving;
  const now = sidecar.now();
  if (snapshot !== null) metrics.forget((siteId) => !snapshot.sites.has(siteId));
  const ageMs = snapshotAgeMs(serving, now);
  const families: readonly Family[] = [
    {
      name: "lull_verdicts_total",
      type: "counter",
      help: "Checks by site (its number, or none) and reason.",
      samples: verdicts(sidecar),
    },
    {
      name: "lull_check_seconds",
      type: "histogram",
      help: "Time to answer a check, from its headers to its verdict.",
      samples: checks(sidecar),
    },
    {
      name: "lull_snapshot_age_seconds",
      type: "gauge",
      help: "Time since the database was last seen to be at this revision.",
      samples: ageMs === null ? [] : one(ageMs / 1000),
    },
    {
      name: "lull_revision",
      type: "gauge",
      help: "The revision of the database that is served.",
      samples: snapshot === null ? [] : one(snapshot.revision),
    },
    {
      name: "lull_site_closed_seconds",
      type: "gauge",
      help: "How long a site has been closed; 0 while it is open.",
      samples: snapshot === null ? [] : closed(snapshot, now),
    },
    {
      name: "lull_reminders_total",
      type: "counter",
      help: "Reminders of periods that last long, and of leases, by kind.",
      samples: [...metrics.reminders].map(([kind, count]): Sample => ["", { kind }, count]),
    },
    {
      name: "lull_leases_unheard",
      type: "gauge",
      help: "Leases past their ends that hold, because the database has not been heard of.",
      samples: snapshot === null ? [] : one(unheardLeases(snapshot, now).length),
    },
    {
      name: "lull_database_errors_total",
      type: "counter",
      help: "Faults of the database since the start.",
      samples: one(serving.databaseErrors),
    },
    {
      name: "lull_build_info",
      type: "gauge",
      help: "What is running.",
      samples: [["", { version: identity.version, commit: identity.commit ?? "", bun: Bun.version }, 1]],
    },
  ];
  return families.map(text).join("");
}

function verdicts(sidecar: Sidecar): Sample[] {
  return [...sidecar.metrics.verdicts].flatMap(([siteId, ofSite]) =>
    [...ofSite].map(([why, count]): Sample => ["", { site: siteId === null ? "none" : String(siteId), why }, count]),
  );
}

function checks({ metrics }: Sidecar): Sample[] {
  let count = 0;
  const samples = metrics.buckets.map((inBucket, index): Sample => {
    count += inBucket;
    return ["_bucket", { le: String(checkBuckets[index] ?? "+Inf") }, count];
  });
  return [...samples, ["_sum", {}, metrics.secondsSum], ["_count", {}, count]];
}

function closed(snapshot: Snapshot, now: InstantMs): Sample[] {
  return [...snapshot.sites.keys()].map((siteId): Sample => {
    const { state, periods } = siteState(snapshot, siteId, now);
    const since = state === "closed" ? Math.min(...periods.map((period) => period.start)) : now;
    return ["", { site: String(siteId) }, (now - since) / 1000];
  });
}

function one(value: number): Sample[] {
  return [["", {}, value]];
}

function text({ name, type, help, samples }: Family): string {
  const lines = samples.map(([suffix, labels, value]) => `${name}${suffix}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
