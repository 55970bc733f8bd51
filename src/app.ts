import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { groupId } from "./accounts.ts";
import type { Config } from "./config/keys.ts";
import { LullError } from "./gate/error.ts";
import { type InstantMs, plainPeriod } from "./gate/period.ts";
import { buildSnapshot, type Snapshot } from "./gate/snapshot.ts";
import { type RunningServer, startServer } from "./http/server.ts";
import { createServingState, type ServingState } from "./http/state.ts";
import { machineIdentity } from "./http/takeover.ts";
import type { Log } from "./log.ts";
import { createSidecarMirror, type SidecarMirror } from "./sidecar-mirror.ts";
import { type SnapshotSettings, withSettings } from "./store/settings.ts";
import { type DatabaseThread, startDatabaseThread } from "./store/thread.ts";
import { commit, version } from "./version.ts";

export interface SidecarOptions {
  readonly config: Config;
  readonly settings: SnapshotSettings;
  /** `closed`: every site, with no database at all. */
  readonly source: "database" | "closed";
  /** Whether a sidecar that is there already is replaced. */
  readonly takeover: boolean;
  readonly log: Log;
  readonly now: () => InstantMs;
}

export interface RunningSidecar {
  /** As `listen` writes them, with real ports. */
  readonly addresses: readonly string[];
  /** The revision served; null: no snapshot yet. */
  readonly revision: number | null;
  /** Takes everything of a new configuration but `database` and `listen`. Throws LullError, and keeps the old, when it does not hold. */
  reload(config: Config, settings: SnapshotSettings): Promise<void>;
  /** Drains, takes the sidecar off the list and ends within 5 s. */
  stop(): Promise<void>;
}

/** The composition root: starts a whole sidecar. Throws LullError when it cannot serve. */
export async function startSidecar(options: SidecarOptions): Promise<RunningSidecar> {
  const { config, log, now } = options;
  const serving = createServingState();
  const identity = { version, commit, instance: randomUUID(), pid: process.pid, machine: machineIdentity() };
  const { instance, pid, machine } = identity;
  let thread: DatabaseThread | null = null;
  const mirror = createSidecarMirror({
    scribe: { instance, pid, machine, startedAt: now() },
    log,
    now,
    onState: (state) => thread?.mirrored(state),
  });
  const place = (snapshot: Snapshot) => {
    serving.swap(snapshot);
    mirror.follow(snapshot);
  };
  if (options.source === "closed") place(closedSnapshot(options.settings, now()));
  else thread = await follow(options, { serving, mirror, instance });
  let server: RunningServer;
  try {
    // From the first visit on, commands must wait for this one too: while its predecessor alone is on the list, they
    // would be told that a change is served which this one has not read yet.
    if (options.takeover && (await thread?.announce()) === false) throw notListed(config);
    const socketGroupId = config.socketGroup === "" ? null : groupId(config.socketGroup);
    const { redeem, admitStaff } = thread ?? withoutDatabase;
    const { takeover } = options;
    const means = { serving, identity, redeem, admitStaff, mirror: () => mirror.health, log, now };
    server = await startServer({ config, socketGroupId, takeover, ...means });
  } catch (error) {
    await thread?.stop();
    throw error;
  }
  // Not before it is certain that this one serves: its predecessor's mirror is in step until then.
  await mirror.use(config.mirror, server.renderStill);
  if (!options.takeover) await thread?.announce();
  return {
    addresses: server.addresses,
    get revision() {
      return serving.snapshot?.revision ?? null;
    },
    async reload(changed, settings) {
      await server.reload(changed);
      if (thread === null) place(closedSnapshot(settings, now()));
      else thread.apply(settings);
      await mirror.use(changed.mirror, server.renderStill);
    },
    async stop() {
      await server.drain();
      await thread?.stop();
      await mirror.stop();
    },
  };
}

interface FollowMeans {
  readonly serving: ServingState;
  readonly mirror: SidecarMirror;
  readonly instance: string;
}

/** Starts the database thread and waits for the first snapshot. A database that is only locked does not hinder the start. */
async function follow(options: SidecarOptions, { serving, mirror, instance }: FollowMeans): Promise<DatabaseThread> {
  const { config, log } = options;
  const first = Promise.withResolvers<void>();
  let isStarting = true;
  const started = () => {
    isStarting = false;
    first.resolve();
  };
  const thread = startDatabaseThread({
    url: config.database,
    groupId: config.databaseGroup === "" ? null : groupId(config.databaseGroup),
    identity: {
      instance,
      hostname: hostname(),
      processId: process.pid,
      listen: config.listen.join(" "),
      version,
      startedAt: options.now(),
    },
    settings: options.settings,
    place(snapshot) {
      serving.swap(snapshot);
      mirror.follow(snapshot);
      log.info("snapshot", { revision: snapshot.revision, sites: snapshot.sites.size });
      started();
    },
    confirm(at, heard) {
      serving.confirm(at, heard);
      if (heard !== null) mirror.follow(heard);
    },
    fault(message, passing) {
      serving.fail(message);
      if (isStarting && (!passing || options.takeover)) return first.reject(new LullError("unreachable", message));
      log.error("database-fault", { fault: message });
      started();
    },
    recover() {
      serving.recover();
      log.info("database-recovered");
    },
  });
  // Until somebody writes it, it holds what nobody knows.
  if (config.mirror !== "") thread.mirrored("behind");
  try {
    await first.promise;
    return thread;
  } catch (error) {
    await thread.stop();
    throw error;
  }
}

function notListed({ database }: Config): LullError {
  return new LullError(
    "unreachable",
    `${database}: the list of sidecars cannot be written, so commands would not wait for this one; the sidecar that runs goes on; try again when nobody holds the database locked`,
  );
}

/** `serve --closed`: there is no bypass, and nothing that could keep that one was redeemed or made. */
const withoutDatabase = {
  async redeem(): Promise<never> {
    throw new LullError("unreachable", "this sidecar has no database (serve --closed), so no bypass can be redeemed");
  },
  async admitStaff(): Promise<never> {
    throw new LullError("unreachable", "this sidecar has no database (serve --closed), so no staff can be let in");
  },
} as const;

/** `serve --closed`: all sites are closed, and what the configuration exempts passes. */
function closedSnapshot(settings: SnapshotSettings, now: InstantMs): Snapshot {
  const id = settings.policy.defaultSite;
  const period = {
    id: 0,
    siteId: null,
    name: "closed",
    start: now,
    end: null,
    enabled: true,
    mode: "full",
    reason: "",
    message: "",
    owner: "serve --closed",
    ...plainPeriod,
  } as const;
  const nothing = { periods: [], recurring: [], exemptions: [], readonlyRules: [] };
  return buildSnapshot({
    revision: 0,
    sites: [
      { site: { id, domain: "*", aliases: [], name: "", message: "", redirectUrl: "", origins: [] }, ...nothing },
    ],
    everywhere: withSettings({ ...nothing, periods: [period] }, settings),
    policy: settings.policy,
    heardAt: now,
  });
}
