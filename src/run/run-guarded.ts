import { codeOfSignal } from "./caught-signals.ts";
import { endGroup, type GroupEnd } from "./end-group.ts";
import type { Guard } from "./guard.ts";
import { keepGuard } from "./guard-keeper.ts";
import { leaseTimes } from "./lease-times.ts";
import type { CommandFault } from "./locate-command.ts";
import { signalGroup } from "./process-group.ts";
import { keepRenewing } from "./renewals.ts";
import { type SharedTerminal, shareTerminal } from "./shared-terminal.ts";
import type { WaitingCommand } from "./start-command.ts";
import type { Supervision, SupervisionEnd } from "./supervision.ts";
import { systemCalls } from "./system-calls.ts";
import { controllingTerminal } from "./terminal.ts";

export type GuardedEnd = SupervisionEnd | { readonly kind: "refused"; readonly fault: CommandFault };

/** Lets COMMAND begin under the guard's eyes. Throws Error only before it has begun. */
export async function runGuarded(supervision: Supervision, guard: Guard, command: WaitingCommand): Promise<GuardedEnd> {
  const { program, signals, leaseMs, leasedAtMs, renew, say } = supervision;
  const times = leaseTimes(leaseMs);
  const group = command.processId;
  const endings: Promise<GroupEnd>[] = [];
  const keeper = await keepGuard({
    program,
    first: guard,
    guarded: { group, times, deadlineMs: leasedAtMs + leaseMs },
    onReplaced: () => say("the guard process was killed, and has been replaced"),
    onUnguarded(fault) {
      say(`the command is ended, because nothing would end it if lull were killed: ${fault}`);
      endings.push(endGroup({ group, graceMs: times.graceMs }));
    },
  });
  const early = signals.first();
  if (early !== null) {
    command.abandon();
    await keeper.finish();
    return { kind: "not-started", code: codeOfSignal(early) };
  }
  const terminal = sharedTerminal(command, say);
  const childChanged = () => terminal?.childChanged();
  process.on("SIGCHLD", childChanged);
  const renewals = keepRenewing({ times, leasedAtMs, renew, onRenewed: keeper.renewed, say });
  signals.forward((signal) => {
    if (signal === "SIGCONT") {
      terminal?.continued();
      renewals.hurry();
    }
    signalGroup(group, signal);
  });
  terminal?.begin();
  try {
    const fault = await command.begin();
    const code = await command.exited;
    signals.forward(() => {});
    terminal?.end();
    const isByGuard = await keeper.finish();
    await Promise.all(endings);
    if (fault !== null) return { kind: "refused", fault };
    return { kind: "ended", code, endedBy: isByGuard ? "guard" : endings.length > 0 ? "lull" : "itself" };
  } finally {
    renewals.stop();
    process.off("SIGCHLD", childChanged);
  }
}

/** Null: there is no terminal, or it cannot be handed over. */
function sharedTerminal(command: WaitingCommand, say: (line: string) => void): SharedTerminal | null {
  const terminal = command.sharesSession ? controllingTerminal(systemCalls) : null;
  return terminal === null ? null : shareTerminal({ terminal, processId: command.processId, say });
}
