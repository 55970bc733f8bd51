import { awaitSidecars, type Reached } from "../actions/await-sidecars.ts";
import type { Config } from "../config/keys.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Database } from "../store/database.ts";
import { parseDuration } from "../time/duration.ts";
import type { Call } from "./changing.ts";
import { exitCode } from "./exit-code.ts";
import type { Mirrored } from "./mirror-here.ts";
import { refuseBoth } from "./refuse-both.ts";
import { countOf, describeSidecar, noSidecar } from "./sidecar-words.ts";

const defaultWaitMs = 5_000;

/** How a command that opens or closes finds out whether it has. */
export interface Patience {
  /** 0: not at all. */
  readonly waitMs: number;
  readonly offline: boolean;
  readonly dryRun: boolean;
  readonly config: Config;
  readonly clock: () => InstantMs;
}

/**
 * What visitors are meant to get. A site that nobody asks about is open, so only closing needs a sidecar. `hold`: some
 * may pass no more where it is closed anyway.
 */
export type Intent = "close" | "open" | "hold";

/** A change that is in the database. In a dry run it is not. */
export interface Written {
  /** The revision that holds it. */
  readonly revision: number;
  readonly changed: boolean;
  readonly intent: Intent;
}

/** What a change came to: whether visitors get it, as data, words and exit code. */
export interface Reach {
  readonly exitCode: number;
  /** Whether a command may say that the change is in effect. */
  readonly proven: boolean;
  readonly words: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads `--wait --no-wait --offline --dry-run`. Throws LullError. */
export function patienceOf({ shell, given }: Call, config: Config): Patience {
  const wait = given.text("wait");
  refuseBoth(given, "wait", "no-wait");
  return {
    waitMs: given.flag("no-wait") ? 0 : wait === undefined ? defaultWaitMs : parseDuration(wait),
    offline: given.flag("offline"),
    dryRun: given.flag("dry-run"),
    config,
    clock: () => shell.now(),
  };
}

/** Waits for the sidecars, and says what came of it. Throws LullError. */
export async function reach(database: Database, written: Written, patience: Patience): Promise<Reach> {
  const { revision, changed } = written;
  if (patience.dryRun) {
    return {
      exitCode: exitCode.done,
      proven: true,
      words: ["dry run: nothing was changed"],
      data: { revision: changed ? revision - 1 : revision, changed: false, dryRun: true, wouldChange: changed },
    };
  }
  // First: where no sidecar runs there is nobody to wait for, and proxies look here.
  const mirrored = await mirror(database, patience);
  const reached = await awaitSidecars(database, written, patience.waitMs);
  const { data, ...rest } = withMirror(describe(reached, written, patience), mirrored, patience.config);
  return { ...rest, data: { revision, changed, dryRun: false, ...data } };
}

/** What it takes to write pages is loaded only where there is a mirror. */
async function mirror(database: Database, { config, clock }: Patience): Promise<Mirrored> {
  if (config.mirror === "") return { kind: "not-ours" };
  const { mirrorHere } = await import("./mirror-here.ts");
  return mirrorHere(database, config, clock());
}

function withMirror(reach: Reach, mirrored: Mirrored, { mirror }: Config): Reach {
  switch (mirrored.kind) {
    case "not-ours":
      return reach;
    case "written": {
      const words = [`the mirror ${mirror} was written: no sidecar runs here that does it`, ...reach.words];
      return { ...reach, words, data: { ...reach.data, mirror: "written" } };
    }
    case "failed": {
      const words = [...reach.words, `a proxy that reads the mirror does not follow: ${mirrored.fault}`];
      const code = reach.exitCode === exitCode.done ? exitCode.notServed : reach.exitCode;
      return { exitCode: code, proven: false, words, data: { ...reach.data, mirror: "failed" } };
    }
  }
}

function describe(reached: Reached, written: Written, patience: Patience): Reach {
  const { revision, intent } = written;
  const done = `${written.changed ? "written as" : "it is so already since"} revision ${revision}`;
  switch (reached.kind) {
    case "served": {
      const { sidecars } = reached;
      const count = sidecars.length === 1 ? "the sidecar serves it" : `all ${sidecars.length} sidecars serve it`;
      const words = [`revision ${revision}: ${count}`];
      return { exitCode: exitCode.done, proven: true, words, data: { reached: "served", sidecars } };
    }
    case "no-sidecar": {
      const data = { reached: "no-sidecar", sidecars: [] };
      if (patience.offline || intent !== "close") {
        const words = [`revision ${revision}: no sidecar is registered`];
        return { exitCode: exitCode.done, proven: true, words, data };
      }
      const words = [`${done}, but ${noSidecar}`];
      return { exitCode: exitCode.noSidecar, proven: false, words, data };
    }
    case "late": {
      const { late, sidecars } = reached;
      const data = { reached: patience.waitMs === 0 ? "not-waited" : "late", late, sidecars };
      const names = late.map((sidecar) => describeSidecar(sidecar, patience.config.timezone, "silent since"));
      const count = countOf(late, sidecars);
      if (patience.waitMs === 0) {
        const words = [`${done}; not waited for ${count}: ${names.join("; ")}`];
        return { exitCode: exitCode.done, proven: true, words, data };
      }
      const words = [
        `${done}, but ${count} did not answer that it serves it within ${patience.waitMs / 1000} s, so visitors may find the site ${intent === "open" ? "closed" : "open"} there:`,
        ...names.map((name) => `  ${name}`),
        'see why there; a sidecar that is gone for good is taken off the list by "lull sidecar remove INSTANCE"',
      ];
      return { exitCode: exitCode.notServed, proven: false, words, data };
    }
  }
}
