import { type ListenAddress, parseListenAddress } from "../config/listen.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Log } from "../log.ts";
import type { HeldSite } from "../mirror/held-site.ts";
import type { Redeem } from "../store/bypasses.ts";
import type { AdmitStaff } from "../store/staff-bypasses.ts";
import { answerRoute } from "./answer-route.ts";
import { type Arrival, arrive, asksToClose } from "./arrival.ts";
import { raiseBacklog } from "./backlog.ts";
import { dialects } from "./dialects.ts";
import { raiseHeaderLimit } from "./header-limit.ts";
import { type Handle, openListeners } from "./listen.ts";
import { createMetrics } from "./metrics.ts";
import { peerOf } from "./peer.ts";
import { plainText } from "./plain-text.ts";
import { startReminders } from "./reminders.ts";
import { createRouter } from "./router.ts";
import { readSettings, type ServerConfig } from "./settings.ts";
import type { Identity, MirrorHealth, Sidecar } from "./sidecar.ts";
import type { Serving } from "./state.ts";
import { stillPage } from "./still-page.ts";
import { dismiss, findPredecessors } from "./takeover.ts";
import { verify } from "./verify.ts";

export interface ServerOptions {
  readonly config: ServerConfig;
  /** Of unix sockets; null: the process's own. */
  readonly socketGroupId: number | null;
  readonly takeover: boolean;
  readonly serving: Serving;
  readonly identity: Identity;
  readonly log: Log;
  readonly now: () => InstantMs;
  readonly redeem: Redeem;
  readonly admitStaff: AdmitStaff;
  /** None unless given. */
  readonly mirror?: () => MirrorHealth | null;
  /** How long proxies are told to come back on new connections before the listeners close; 1500 unless given. */
  readonly drainMs?: number;
  /** How often is looked for what somebody should be reminded of; every second unless given. */
  readonly remindEveryMs?: number;
}

export interface RunningServer {
  /** As `parseListenAddress` takes them, with real ports. */
  readonly addresses: readonly string[];
  /** Takes everything but `listen` and what belongs to it. Throws LullError, and keeps the old, when the new does not hold. */
  reload(config: ServerConfig): Promise<void>;
  /** A page that can stand for days, as the pages are now. Never throws. */
  renderStill(held: HeldSite | null): string | Uint8Array;
  /** Answers with `Connection: close` for a while, then stops; ends within 4 s. */
  drain(): Promise<void>;
}

const defaultDrainMs = 1_500;
const stopTimeoutMs = 2_000;
const faultLogEveryMs = 60_000;

/**
 * Opens the listeners, then dismisses the sidecar that was there before (`takeover`). To be called when `serving` has
 * its first snapshot, or when it is known that there is none to be had: from its return on, checks are answered.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { log, now, redeem, admitStaff } = options;
  const loggedFault = { text: "", at: 0 };
  let settings = await readSettings(options.config, { log, now, onPageFault, former: null });
  let draining = false;
  const sidecar: Sidecar = {
    serving: options.serving,
    identity: options.identity,
    metrics: createMetrics(),
    log,
    now,
    redeem,
    admitStaff,
    get settings() {
      return settings;
    },
    get mirror() {
      return options.mirror?.() ?? null;
    },
    get draining() {
      return draining;
    },
  };
  const router = createRouter(sidecar);

  /** Every held visitor would be a line otherwise. */
  function onPageFault(fault: string): void {
    if (fault === loggedFault.text && now() - loggedFault.at < faultLogEveryMs) return;
    Object.assign(loggedFault, { text: fault, at: now() });
    log.error("template-fault", { fault });
  }

  function warnOfPages(): void {
    for (const fault of settings.pages.faults) log.warn("template-fault", { fault });
  }

  function handlerFor(address: ListenAddress): Handle {
    const peer = peerOf(address);
    return (request, server) => {
      const arrival = arrive(request, peer(request, server));
      const dialect = dialects.get(arrival.path);
      if (dialect !== undefined) return verify(sidecar, dialect, arrival);
      return arrival.path === "/answer" ? closing(arrival, answerRoute(sidecar, arrival)) : route(arrival);
    };
  }

  async function route(arrival: Arrival): Promise<Response> {
    return closing(arrival, await router(arrival));
  }

  function closing(arrival: Arrival, response: Response): Response {
    if (draining || asksToClose(arrival)) response.headers.set("Connection", "close");
    return response;
  }

  function onError(error: unknown): Response {
    log.error("bug", { where: "server", error });
    return plainText(500, "internal error");
  }

  warnOfPages();
  const addresses = options.config.listen.map(parseListenAddress);
  const predecessors = options.takeover ? await findPredecessors(addresses, options.identity.machine) : [];
  raiseHeaderLimit();
  const access = { mode: options.config.socketMode, groupId: options.socketGroupId };
  const listeners = await openListeners({
    addresses,
    access,
    takeover: options.takeover,
    handlerFor,
    onError,
    onBound: () => raiseBacklog(log),
  });
  log.info("listening", { addresses: listeners.addresses });
  for (const predecessor of predecessors) {
    log.info("takeover", { ...predecessor });
    dismiss(predecessor);
  }

  const stopReminders = startReminders(sidecar, options.remindEveryMs);
  let drained: Promise<void> | null = null;
  async function drain(): Promise<void> {
    draining = true;
    log.info("draining");
    // From now on its successor reminds.
    stopReminders();
    settings.staffTokens?.stop();
    await Bun.sleep(options.drainMs ?? defaultDrainMs);
    await Promise.race([listeners.stop(), Bun.sleep(stopTimeoutMs)]);
    await listeners.abandon();
  }

  return {
    addresses: listeners.addresses,
    async reload(config) {
      const former = settings;
      settings = await readSettings(config, { log, now, onPageFault, former });
      former.staffTokens?.stop();
      if (draining) settings.staffTokens?.stop();
      warnOfPages();
    },
    renderStill: (held) => stillPage(settings, held),
    drain() {
      drained ??= drain();
      return drained;
    },
  };
}
