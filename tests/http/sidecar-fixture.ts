import type { Bypass, BypassKey } from "../../src/gate/bypass.ts";
import type { Exemption } from "../../src/gate/exemption.ts";
import type { Period } from "../../src/gate/period.ts";
import type { Site } from "../../src/gate/site.ts";
import { buildSnapshot, type Policy, type Snapshot } from "../../src/gate/snapshot.ts";
import { type RunningServer, startServer } from "../../src/http/server.ts";
import type { ServerConfig } from "../../src/http/settings.ts";
import { createServingState, type ServingState } from "../../src/http/state.ts";
import { createLog } from "../../src/log.ts";
import type { Redeem } from "../../src/store/bypasses.ts";
import type { AdmitStaff } from "../../src/store/staff-bypasses.ts";
import { everywhere, period, policy, record } from "../gate/builders.ts";
import type { Address } from "../support/raw-http.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

export const start = Date.UTC(2026, 10, 20, 9);

export interface FixtureOptions {
  /** Site 1 with the domain `*` unless given. */
  readonly sites?: readonly Partial<Site>[];
  readonly periods?: readonly Partial<Period>[];
  readonly exemptions?: readonly Partial<Exemption>[];
  readonly bypasses?: readonly Bypass[];
  readonly bypassKeys?: readonly BypassKey[];
  /** What stands for the database: every bypass is redeemed unless given. */
  readonly redeem?: Redeem;
  readonly admitStaff?: AdmitStaff;
  readonly policy?: Partial<Policy>;
  readonly config?: Partial<ServerConfig>;
  readonly drainMs?: number;
  readonly remindEveryMs?: number;
  /** Start without a snapshot. */
  readonly empty?: boolean;
}

/** A real server on a free port and on a unix socket, at a time that stands still until it is moved. */
export interface Fixture extends AsyncDisposable {
  readonly server: RunningServer;
  readonly serving: ServingState;
  readonly tcp: Address;
  readonly unix: Address;
  /** Milliseconds since `start`. */
  readonly clock: { elapsedMs: number };
  readonly logged: Record<string, unknown>[];
  readonly folder: string;
  readonly config: ServerConfig;
  place(options: FixtureOptions): void;
  snapshot(options: FixtureOptions): Snapshot;
  /** From now on every look into the snapshot throws. */
  breakSnapshot(): void;
}

export function baseConfig(listen: readonly string[]): ServerConfig {
  return {
    listen,
    socketMode: 0o660,
    trustedProxies: ["loopback", "unix"],
    clientAddressHeader: "X-Real-IP",
    origin: {},
    retryAfterSeconds: 300,
    templates: "",
    maintenance503Template: "",
    staffUrl: "",
    staff: { blockStaff: false, claims: { staff: null, superuser: null }, tokens: null, probe: null },
    timezone: "UTC",
    readyMaxAgeMs: 30_000,
    remindAfterMs: 14_400_000,
  };
}

export async function startFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const folder = temporaryFolder();
  const clock = { elapsedMs: 0 };
  const now = () => start + clock.elapsedMs;
  const serving = createServingState();
  const logged: Record<string, unknown>[] = [];
  const place = (next: FixtureOptions) => {
    serving.swap(snapshotOf(next));
    serving.confirm(now(), null);
  };
  if (options.empty !== true) place(options);
  const config = { ...baseConfig(["127.0.0.1:0", `unix:${folder.file("lull.sock")}`]), ...options.config };
  const server = await startServer({
    config,
    socketGroupId: null,
    takeover: false,
    serving,
    identity: { version: "1.2.3", commit: null, instance: "test", pid: process.pid, machine: "here" },
    log: createLog({ level: () => "debug", now, write: (line) => logged.push(JSON.parse(line)) }),
    now,
    redeem: options.redeem ?? (async () => "redeemed"),
    admitStaff: options.admitStaff ?? (() => Promise.reject(new Error("nobody is admitted unless given"))),
    drainMs: options.drainMs ?? 0,
    remindEveryMs: options.remindEveryMs ?? 1_000,
  });
  const port = Number(server.addresses[0]?.split(":")[1]);
  return {
    server,
    serving,
    tcp: { host: "127.0.0.1", port },
    unix: { unix: folder.file("lull.sock") },
    clock,
    logged,
    folder: folder.path,
    config,
    place,
    snapshot: snapshotOf,
    breakSnapshot() {
      const broken = snapshotOf({});
      Object.defineProperty(broken, "sites", {
        get() {
          throw new Error("broken on purpose");
        },
      });
      serving.swap(broken);
    },
    async [Symbol.asyncDispose]() {
      await server.drain();
      await folder.remove();
    },
  };
}

export function snapshotOf(options: FixtureOptions): Snapshot {
  const sites = (options.sites ?? [{}]).map(
    (site): Site => ({ id: 1, domain: "*", aliases: [], name: "", message: "", redirectUrl: "", origins: [], ...site }),
  );
  const periods = (options.periods ?? []).map((change, index) =>
    period({ id: index + 1, start: start - 60_000, ...change }),
  );
  const exemptions = (options.exemptions ?? []).map(
    (exemption, index): Exemption => ({
      id: index + 1,
      siteId: null,
      kind: "path",
      value: "/admin",
      description: "",
      expires: null,
      ...exemption,
    }),
  );
  const of = (id: number | null) => ({
    periods: periods.filter(({ siteId }) => siteId === id),
    exemptions: exemptions.filter(({ siteId }) => siteId === id),
  });
  return buildSnapshot({
    revision: 7,
    heardAt: start,
    sites: sites.map((site) => record({ site, ...of(site.id) })),
    everywhere: everywhere(of(null)),
    bypasses: options.bypasses ?? [],
    bypassKeys: options.bypassKeys ?? [],
    policy: policy(options.policy),
  });
}

/** What nginx sends for a visit, with some of it changed; null leaves a header out. */
export function request(path: string, headers: Readonly<Record<string, string | null>> = {}, method = "GET"): string {
  const all = {
    Host: "lull_sidecar",
    "X-Forwarded-Host": "example.com",
    "X-Forwarded-Uri": "/",
    "X-Forwarded-Method": "GET",
    "X-Real-IP": "203.0.113.9",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\r\n`]));
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}
