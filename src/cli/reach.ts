import { awaitSidecars, type Reached } from "../actions/await-sidecars.ts";
import type { Config } from "../config/keys.ts";
import type { Database } from "../store/database.ts";
import { parseDuration } from "../time/duration.ts";
import type { Given } from "./arguments.ts";
import { exitCode } from "./exit-code.ts";
import { refuseBoth } from "./refuse-both.ts";
import { countOf, describeSidecar, noSidecar } from "./sidecar-words.ts";

const defaultWaitMs = 5_000;

/** How a command that opens or closes finds out whether it has. */
export interface Patience {
  /** 0: not at all. */
  readonly waitMs: number;
  readonly offline: boolean;
  readonly dryRun: boolean;
  /** For messages, which are the only thing that needs a time zone. */
  readonly config: Config;
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
export function patienceOf(given: Given, config: Config): Patience {
  const wait = given.text("wait");
  refuseBoth(given, "wait", "no-wait");
  return {
    waitMs: given.flag("no-wait") ? 0 : wait === undefined ? defaultWaitMs : parseDuration(wait),
    offline: given.flag("offline"),
    dryRun: given.flag("dry-run"),
    config,
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
  const reached = await awaitSidecars(database, written, patience.waitMs);
  const { data, ...rest } = describe(reached, written, patience);
  return { ...rest, data: { revision, changed, dryRun: false, ...data } };
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
