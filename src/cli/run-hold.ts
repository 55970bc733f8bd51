import { endHolds } from "../actions/hold.ts";
import { freeHolds, renewLeases } from "../actions/leases.ts";
import type { Config } from "../config/keys.ts";
import type { Period } from "../gate/period.ts";
import type { ChangeContext, Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { readSites } from "../store/sites.ts";
import { formatInstant } from "../time/instant.ts";
import { describeError } from "./describe-error.ts";
import { reach } from "./reach.ts";
import { stillClosed } from "./remaining.ts";
import { type RunBypasses, revokeRunBypasses } from "./run-bypass.ts";
import { returning } from "./session.ts";
import { shellWord } from "./shell-word.ts";

export interface RunHoldOptions {
  readonly config: Config;
  readonly context: ChangeContext;
  /** As they began. */
  readonly periods: readonly Period[];
  /** null: the command was given none. */
  readonly bypasses: RunBypasses | null;
  readonly waitMs: number;
  /** What must be known. */
  readonly say: (line: string) => void;
  /** What is good to know. */
  readonly tell: (line: string) => void;
}

/** What holds the sites while a command runs. */
export interface RunHold {
  /** Throws LullError when the database cannot be written at once. */
  renew(): Promise<void>;
  /** Never throws: what cannot be ended is ended by its lease, and that is said. The command's bypasses end too. */
  open(): Promise<void>;
  /** Leaves the sites closed until somebody opens them, and revokes the command's bypasses. Never throws. */
  keep(): Promise<void>;
}

export function createRunHold(options: RunHoldOptions): RunHold {
  const { config, context, periods, bypasses, waitMs, say, tell } = options;
  const ids = periods.map(({ id }) => id);
  const name = periods[0]?.name ?? "";
  const onSites = periods.flatMap(({ siteId }) => (siteId === null ? [] : [`--site ${siteId}`]));
  const command = ["lull downtime_end", "--name", shellWord(name), ...onSites].join(" ");
  const goneWords = `"${name}" does not hold any more: somebody has ended it`;
  let lost: ReadonlySet<number> = new Set();
  let areRevoked = bypasses === null;
  let leaseEnd = Math.max(...periods.map((period) => period.leaseEnd ?? 0));

  /** Gives how many of the periods it was done to; what hinders it is said. */
  async function attempt(
    after: "open" | "keep",
    fault: string,
    act: (database: Database) => Promise<Changed<readonly Period[]>>,
  ) {
    try {
      return await returning(config, "ending", async (database) => {
        const { result, ...ended } = await act(database);
        const { revision, changed } = (await revoke(database)) ?? ended;
        const patience = { waitMs, offline: true, dryRun: false, config, clock: context.clock };
        const reached = await reach(database, { revision, changed, intent: "open" }, patience);
        for (const word of reached.words) (reached.proven ? tell : say)(word);
        if (after === "open") for (const word of await othersIn(database)) say(word);
        return result.length;
      });
    } catch (error) {
      const over = formatInstant(leaseEnd, config.timezone);
      say(`"${name}" ${fault}, and is over with its lease at ${over}: ${describeError(error).message}`);
      if (!areRevoked) sayUnrevoked();
      return null;
    }
  }

  /** After the sites were opened, and whether that can be done or not does not matter to them. Null: nothing was changed. */
  async function revoke(database: Database): Promise<Changed<unknown> | null> {
    if (bypasses === null || areRevoked) return null;
    areRevoked = true;
    try {
      return await revokeRunBypasses(database, context, bypasses.ids);
    } catch (error) {
      sayUnrevoked(`: ${describeError(error).message}`);
      return null;
    }
  }

  function sayUnrevoked(why = ""): void {
    if (bypasses === null) return;
    const over = formatInstant(bypasses.expires, config.timezone);
    const commands = bypasses.ids.map((id) => `lull bypass revoke ${id}`).join("; ");
    say(`what let the command in could not be revoked, and is over at ${over}, or with ${commands}${why}`);
  }

  /** What keeps the sites closed all the same. */
  async function othersIn(database: Database): Promise<readonly string[]> {
    const all = await readSites(database.orm);
    const sites = onSites.length === 0 ? all : all.filter(({ id }) => periods.some(({ siteId }) => siteId === id));
    const { timezone } = config;
    return (await stillClosed({ database, config, context }, { sites, ended: [], timezone })).words;
  }

  return {
    async renew() {
      const renewal = await returning(config, "renewing", (database) => renewLeases(database, context, ids));
      leaseEnd = renewal.leaseEnd ?? leaseEnd;
      const gone = new Set(renewal.lost);
      if (gone.size > lost.size) say(goneWords);
      lost = gone;
      if (renewal.revived.length > 0)
        say(`the lease of "${name}" had run out, and the sites may have been open for a while`);
    },
    async open() {
      const ended = await attempt("open", "could not be ended", (database) =>
        endHolds(database, context, { siteIds: null, name: null, ids }),
      );
      if (ended !== null && ended > 0) tell(`ended "${name}"`);
      if (ended === 0 && lost.size === 0) say(goneWords);
    },
    async keep() {
      const kept = await attempt("keep", "could not be kept", (database) => freeHolds(database, context, ids));
      if (kept !== null && kept > 0) say(`the sites stay closed by "${name}"; to open them: ${command}`);
      if (kept === 0 && lost.size === 0) say(goneWords);
    },
  };
}
