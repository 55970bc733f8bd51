import { startGuard } from "./guard.ts";
import { type CommandFault, locateCommand } from "./locate-command.ts";
import { runGuarded } from "./run-guarded.ts";
import { prepareCommand } from "./start-command.ts";
import type { Supervision, SupervisionEnd } from "./supervision.ts";

/**
 * Runs COMMAND in a process group of its own, with lull's standard input, output and error, and keeps the lease while
 * it runs. A guard process ends the group before the lease is over when it was not renewed, also when lull is killed.
 * Out of reach is what of COMMAND has left the group (setsid), runs as another user (sudo), or is left behind when
 * COMMAND ends. Returns when COMMAND has ended. Never throws.
 */
export async function superviseCommand(supervision: Supervision): Promise<SupervisionEnd> {
  const { argv, environment, program, signals, say } = supervision;
  const obstacle = obstacleOf(supervision);
  if (obstacle !== null) return refuse(say, obstacle);
  const start = { program, argv, environment, ignored: signals.ignored };
  const [guard, command] = await Promise.allSettled([startGuard(program), prepareCommand(start)]);
  try {
    if (guard.status === "rejected") throw guard.reason;
    if (command.status === "rejected") throw command.reason;
    const outcome = await runGuarded(supervision, guard.value, command.value);
    return outcome.kind === "refused" ? refuse(say, outcome.fault) : outcome;
  } catch (error) {
    if (command.status === "fulfilled") command.value.abandon();
    if (guard.status === "fulfilled") guard.value.done();
    const what = error instanceof Error ? error.message : String(error);
    return refuse(say, { code: 125, message: `"${argv[0]}" was not started: ${what}` });
  }
}

function obstacleOf({ argv, environment }: Supervision): CommandFault | null {
  if (process.platform === "win32") {
    return { code: 125, message: "lull run needs process groups, which Windows does not have" };
  }
  const located = locateCommand(argv[0] ?? "", environment);
  return located.kind === "fault" ? located.fault : null;
}

function refuse(say: (line: string) => void, { code, message }: CommandFault): SupervisionEnd {
  say(message);
  return { kind: "not-started", code };
}
