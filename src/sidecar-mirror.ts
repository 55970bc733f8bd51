import type { InstantMs } from "./gate/period.ts";
import type { Snapshot } from "./gate/snapshot.ts";
import type { MirrorHealth } from "./http/sidecar.ts";
import type { Log } from "./log.ts";
import { createMirror, type Mirror } from "./mirror/mirror.ts";
import type { RenderPage } from "./mirror/mirror-pages.ts";
import type { Scribe } from "./mirror/scribe.ts";
import type { MirrorState } from "./store/acknowledgement.ts";
import { isAlive } from "./store/registration.ts";

export interface SidecarMirrorOptions {
  readonly scribe: Scribe;
  readonly log: Log;
  readonly now: () => InstantMs;
  /** Whether a revision may be said to be served. */
  readonly onState: (state: MirrorState) => void;
}

/** The mirror of a sidecar, which a reload may move or take away. */
export interface SidecarMirror {
  /** null: there is none. */
  readonly health: MirrorHealth | null;
  /** The snapshot that answers checks. */
  follow(snapshot: Snapshot): void;
  /** From now on this folder is written, and the one before left as it is; empty: none. Also when pages may have changed. */
  use(root: string, renderPage: RenderPage): Promise<void>;
  stop(): Promise<void>;
}

export function createSidecarMirror({ scribe, log, now, onState }: SidecarMirrorOptions): SidecarMirror {
  let mirror: Mirror | null = null;
  let root = "";
  let snapshot: Snapshot | null = null;

  function start(renderPage: RenderPage): Mirror {
    onState("behind");
    return createMirror({
      root,
      scribe,
      renderPage,
      isAlive,
      now,
      onStep(step, span) {
        log.debug("mirror", { step });
        onState(step === "behind" ? "behind" : span);
      },
      onFault: (fault) => log.error("mirror-fault", { fault }),
      onRecovered: () => log.info("mirror-recovered"),
      onRepair: () => log.warn("mirror-repaired", { folder: root }),
    });
  }

  return {
    get health() {
      return mirror === null ? null : { root, step: mirror.step, fault: mirror.fault };
    },
    follow(next) {
      snapshot = next;
      mirror?.follow(next);
    },
    async use(wanted, renderPage) {
      if (wanted === root) return mirror?.refresh();
      root = wanted;
      const former = mirror;
      mirror = root === "" ? null : start(renderPage);
      await former?.stop();
      if (mirror === null) onState("in-step");
      else if (snapshot !== null) mirror.follow(snapshot);
    },
    async stop() {
      await mirror?.stop();
    },
  };
}
