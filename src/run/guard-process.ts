/**
 * The hidden command `lull __guard`: ends COMMAND when lull cannot keep the lease any more, before the lease is over.
 * It has a session of its own, so that what is sent to lull's group, or to COMMAND's, does not reach it.
 *
 * Over the channel it says `ready`; it hears `watch GROUP GRACE-MS SLACK-MS DEADLINE-MS` and says `watching`; it hears
 * `deadline DEADLINE-MS` after each renewal, the lease's end by the steady clock, and `done` when COMMAND has ended.
 * When it begins to end COMMAND it says `ending`. When the channel closes, lull is gone.
 */
import { writeSync } from "node:fs";
import { channelDescriptor, openChannel } from "./channel.ts";
import { endGroup, type GroupEnd } from "./end-group.ts";
import { isGroupRunning } from "./process-group.ts";
import { steadyNowMs } from "./steady-clock.ts";

interface Watch {
  readonly group: number;
  readonly graceMs: number;
  readonly slackMs: number;
  deadlineMs: number;
}

type Order = "lull-gone" | "lease-over" | "done";

/** Timers do not count the time asleep. */
const longestWaitMs = 1_000;

export async function guardProcess(): Promise<number> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.on(signal, () => {});
  const watched: { watch: Watch | null } = { watch: null };
  const { promise: order, resolve: give } = Promise.withResolvers<Order>();
  const channel = await openChannel(channelDescriptor, {
    onLine(line) {
      const [word = "", ...rest] = line.split(" ");
      const [first = 0, graceMs = 0, slackMs = 0, deadlineMs = 0] = rest.map(Number);
      if (word === "done") give("done");
      else if (word === "deadline" && watched.watch !== null) watched.watch.deadlineMs = first;
      else if (word === "watch") {
        watched.watch = { group: first, graceMs, slackMs, deadlineMs };
        wake(watched.watch, give);
        channel.send("watching");
      }
    },
    onClosed: () => give("lull-gone"),
  });
  channel.send("ready");
  const given = await order;
  // Without a group COMMAND has not started, and will not: it waits for lull's word.
  if (given === "done" || watched.watch === null) return 0;
  channel.send("ending");
  const { group, graceMs, slackMs, deadlineMs } = watched.watch;
  const restMs = Math.max(0, deadlineMs - slackMs - steadyNowMs());
  const isRunning = isGroupRunning(group);
  const end = isRunning ? await endGroup({ group, graceMs: Math.min(graceMs, restMs) }) : "before";
  say(`lull: ${reasons[given]}, ${outcomes[end]}`);
  channel.close();
  return 0;
}

const reasons = {
  "lull-gone": "lull run was killed",
  "lease-over": "the hold was not renewed in time",
} as const satisfies Record<Exclude<Order, "done">, string>;

const outcomes = {
  before: "and its command has ended",
  "after-sigterm": "so its command was ended with SIGTERM",
  "after-sigkill": "so its command was ended with SIGKILL: SIGTERM did not suffice",
  "not-ended":
    "so its command was sent SIGKILL, and still runs: end it yourself, the site opens when the lease is over",
} as const satisfies Record<GroupEnd | "before", string>;

function wake(watch: Watch, give: (order: Order) => void): void {
  const restMs = watch.deadlineMs - watch.slackMs - watch.graceMs - steadyNowMs();
  if (restMs <= 0) give("lease-over");
  else setTimeout(() => wake(watch, give), Math.min(longestWaitMs, restMs));
}

/** Last of all, because a reader that stalls would hold it up. */
function say(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // The terminal is gone.
  }
}
