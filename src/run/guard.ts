import { type Channel, channelDescriptor, openChannel } from "./channel.ts";
import type { LeaseTimes } from "./lease-times.ts";

export interface Guarded {
  /** The process group that the guard ends when lull cannot keep the lease. */
  readonly group: number;
  readonly times: LeaseTimes;
  /** The lease's end by the steady clock. */
  readonly deadlineMs: number;
}

/** A process of its own that ends COMMAND when lull is killed, frozen, or cannot renew. */
export interface Guard {
  readonly processId: number;
  /** Returns when it watches. Throws Error when it is gone. */
  watch(guarded: Guarded): Promise<void>;
  deadline(deadlineMs: number): void;
  /** Lets it go. */
  done(): void;
  /** Whether it has begun to end COMMAND. */
  isEnding(): boolean;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
}

/** Returns when it can be told what to watch. Throws Error when it cannot be started. */
export async function startGuard(program: readonly string[]): Promise<Guard> {
  const child = Bun.spawn([...program, "__guard"], {
    // It keeps no folder in use, and needs nothing of what lull was given.
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const said = { ready: Promise.withResolvers<void>(), watching: Promise.withResolvers<void>() };
  const gone = Promise.withResolvers<void>();
  let isEnding = false;
  const channel: Channel = await openChannel(child.stdio[channelDescriptor], {
    onLine(line) {
      if (line === "ending") isEnding = true;
      else if (line === "ready" || line === "watching") said[line].resolve();
    },
    onClosed: gone.resolve,
  });
  const orGone = async (promise: Promise<void>) => {
    const isThere = await Promise.race([promise.then(() => true), gone.promise.then(() => false)]);
    if (!isThere) throw new Error("the guard process ended at its start");
  };
  await orGone(said.ready.promise);
  return {
    processId: child.pid,
    async watch({ group, times, deadlineMs }) {
      channel.send(`watch ${group} ${times.graceMs} ${times.slackMs} ${deadlineMs}`);
      await orGone(said.watching.promise);
    },
    deadline: (deadlineMs) => channel.send(`deadline ${deadlineMs}`),
    done: () => channel.send("done"),
    isEnding: () => isEnding,
    gone: gone.promise,
  };
}
