import { fstatSync } from "node:fs";
import { constants } from "node:os";
import { signalGroup } from "./process-group.ts";
import type { Terminal } from "./terminal.ts";

export interface SharedTerminalOptions {
  readonly terminal: Terminal;
  /** COMMAND, and the group that it leads. */
  readonly processId: number;
  readonly say: (line: string) => void;
}

/** Whose turn it is at the terminal while COMMAND runs: what a shell does for its jobs, lull does for COMMAND. */
export interface SharedTerminal {
  /** COMMAND is about to start. */
  begin(): void;
  /** SIGCHLD. */
  childChanged(): void;
  /** SIGCONT: a shell's fg or bg. */
  continued(): void;
  /** COMMAND has ended. */
  end(): void;
}

const { SIGTTIN, SIGTTOU, SIGTSTP } = constants.signals;

export function shareTerminal({ terminal, processId, say }: SharedTerminalOptions): SharedTerminal {
  let isHanded = false;
  let wasHanded = false;
  const hand = () => {
    terminal.handTo(processId);
    isHanded = true;
  };
  const takeBack = () => {
    if (isHanded) terminal.takeBack();
    wasHanded = isHanded;
    isHanded = false;
  };
  return {
    begin() {
      // Beside others of a pipeline, such as a pager, COMMAND gets the terminal when it asks for it, not before.
      if (terminal.isOurs() && !isPipe(0) && !isPipe(1)) hand();
    },
    childChanged() {
      const number = terminal.stopSignalOf(processId);
      const wantsTerminal = number === SIGTTIN || number === SIGTTOU;
      if (wantsTerminal && terminal.isOurs()) {
        hand();
        signalGroup(processId, "SIGCONT");
      } else if (wantsTerminal || number === SIGTSTP) {
        if (terminal.canSuspend()) {
          takeBack();
          say("suspended, so the hold is not renewed; the command is ended before the lease is over unless continued");
          process.kill(0, "SIGSTOP");
        } else if (number === SIGTSTP) signalGroup(processId, "SIGCONT");
      }
    },
    continued() {
      if (wasHanded && terminal.isOurs()) hand();
    },
    end: takeBack,
  };
}

function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
