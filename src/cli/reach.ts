import { awaitSidecars, type Reached } from "../actions/await-sidecars.ts";
import { LullError } from "../gate/error.ts";
import type { Database } from "../store/database.ts";
import type { Sidecar } from "../store/sidecars.ts";
import { parseDuration } from "../time/duration.ts";
import { formatUtc } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { exitCode } from "./exit-code.ts";

const defaultWaitMs = 5_000;

/** How a command that opens or closes finds out whether it has. */
export interface Patience {
  readonly waitMs: number;
  readonly wait: boolean;
  readonly offline: boolean;
  readonly dryRun: boolean;
}

/** Reads `--wait --no-wait --offline --dry-run`. Throws LullError. */
export function patienceOf(given: Given): Patience {
  const wait = given.text("wait");
  if (wait !== undefined && given.flag("no-wait"))
    throw new LullError("usage", "--wait and --no-wait exclude each other; give one");
  return {
    waitMs: wait === undefined ? defaultWaitMs : parseDuration(wait),
    wait: !given.flag("no-wait"),
    offline: given.flag("offline"),
    dryRun: given.flag("dry-run"),
  };
}

/** What a change came to: whether visitors get it, as data, words and exit code. */
export interface Reach {
  readonly exitCode: number;
  /** Whether a command may say that the change is in effect. */
  readonly proven: boolean;
  readonly words: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Waits for the sidecars. `intent`: a site that nobody asks about is open, so only closing needs a sidecar. */
export async function reach(
  database: Database,
  revision: number,
  patience: Patience,
  intent: "close" | "open",
): Promise<Reach> {
  if (patience.dryRun)
    return {
      exitCode: exitCode.done,
      proven: true,
      words: ["dry run: nothing was changed"],
      data: { reached: "dry-run" },
    };
  if (!patience.wait) {
    return {
      exitCode: exitCode.done,
      proven: true,
      words: ["not waited for the sidecars"],
      data: { reached: "not-waited" },
    };
  }
  const reached = await awaitSidecars(database, revision, patience.waitMs);
  return describe(reached, revision, patience, intent);
}

function describe(reached: Reached, revision: number, patience: Patience, intent: "close" | "open"): Reach {
  switch (reached.kind) {
    case "served": {
      const count =
        reached.sidecars.length === 1 ? "1 sidecar serves it" : `all ${reached.sidecars.length} sidecars serve it`;
      return {
        exitCode: exitCode.done,
        proven: true,
        words: [`revision ${revision}: ${count}`],
        data: { reached: "served", sidecars: reached.sidecars },
      };
    }
    case "no-sidecar": {
      const data = { reached: "no-sidecar", sidecars: [] };
      if (patience.offline || intent === "open") {
        return {
          exitCode: exitCode.done,
          proven: true,
          words: [`revision ${revision}: no sidecar is registered`],
          data,
        };
      }
      const words = [
        "written, but no sidecar is registered, so nothing is closed: start one (lull serve), or say --offline if that is meant",
      ];
      return { exitCode: exitCode.noSidecar, proven: false, words, data };
    }
    case "late": {
      const names = reached.late.map(describeLate);
      const words = [
        `written as revision ${revision}, but ${reached.late.length} of ${reached.sidecars.length} sidecars did not serve it within ${patience.waitMs / 1000} s: ${names.join("; ")}`,
        'a sidecar that is gone for good is taken off the list by "lull sidecar remove INSTANCE"',
      ];
      return {
        exitCode: exitCode.notServed,
        proven: false,
        words,
        data: { reached: "late", late: reached.late, sidecars: reached.sidecars },
      };
    }
  }
}

function describeLate(sidecar: Sidecar): string {
  return `${sidecar.hostname} process ${sidecar.processId} (instance ${sidecar.instance}), serves ${sidecar.revision}, silent since ${formatUtc(sidecar.seenAt)}`;
}
