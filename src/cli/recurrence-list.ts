import { nextOccurrences } from "../actions/find-occurrence.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { OccurrenceChange, Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import { selectOccurrenceChanges, selectRecurrences } from "../store/recurrences.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { localTime } from "./local-time.ts";
import { lengthWords } from "./recurrence-words.ts";
import { deliver, outputOf } from "./report.ts";
import { ruleWords } from "./rule-words.ts";
import { scopeCell } from "./scope.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { table } from "./table.ts";

export function recurrenceList(shell: Shell): Command {
  return { args: commonArgs, run: (given) => run(shell, given) };
}

interface Listed {
  readonly recurrence: Recurrence;
  /** What runs or comes next; null: nothing does. */
  readonly next: Occurrence | null;
  /** Why it cannot be unrolled; null: it can. */
  readonly fault: string | null;
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  return reading(config, async (database) => {
    const changes = await selectOccurrenceChanges(database.orm);
    const changesOf = Map.groupBy(changes, (change) => change.recurrenceId);
    const listed: Listed[] = [];
    for (const recurrence of await selectRecurrences(database.orm)) {
      listed.push(await withNext(recurrence, changesOf.get(recurrence.id) ?? [], shell.now()));
    }
    const headings = ["NUMBER", "SITE", "NAME", "MODE", "RULE", "ZONE", "AT", "LENGTH", "NEXT", "OWNER", "REASON"];
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(headings, listed.map(cells)),
      words: listed.length === 0 ? ["there is no recurrence"] : [],
      data: {
        database: database.path,
        recurrences: listed.map(({ recurrence, next, fault }) => ({ ...recurrence, next, fault })),
      },
    });
  });
}

async function withNext(recurrence: Recurrence, changes: readonly OccurrenceChange[], now: InstantMs): Promise<Listed> {
  if (!recurrence.enabled) return { recurrence, next: null, fault: null };
  try {
    const [next = null] = await nextOccurrences(recurrence, changes, { now, most: 1 });
    return { recurrence, next, fault: null };
  } catch (error) {
    if (!(error instanceof LullError)) throw error;
    return { recurrence, next: null, fault: error.message };
  }
}

function cells({ recurrence, next, fault }: Listed): readonly string[] {
  const { id, siteId, name, mode, timezone, owner, reason, enabled } = recurrence;
  const { rule, at } = ruleWords(recurrence);
  const start = next === null ? "none" : localTime(next.start, timezone);
  return [
    String(id),
    scopeCell(siteId),
    name,
    mode,
    rule,
    timezone,
    at,
    lengthWords(recurrence),
    enabled ? (fault ?? start) : "disabled",
    owner,
    reason,
  ];
}
