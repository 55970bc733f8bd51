/**
 * The hidden command `lull __start exec|spawn SIGNALS WORD...`: the process that becomes COMMAND, when lull says so.
 *
 * Bun can start a process in lull's own group, which must not be killed for COMMAND, or in a new session, which has no
 * terminal: sudo and ssh could not ask for a password, Ctrl-C would not reach it. So lull starts itself once more, and
 * that process makes its own group in lull's session, then replaces itself by COMMAND (`exec`). This costs one start
 * of lull. Where system calls are out of reach (systems that forbid code made at run time, macOS) lull starts it in a
 * session of its own, and it stays, as the parent of COMMAND (`spawn`).
 *
 * Over the channel it says `ready`, or `no-system-calls` and ends; it hears `go`; then it says `fault CODE TEXT`, or
 * COMMAND has started when the channel closes. It does nothing when lull is gone before.
 */
import { closeSync, readSync, writeSync } from "node:fs";
import { becomeCommand, leadGroup } from "./become-command.ts";
import { channelDescriptor } from "./channel.ts";
import { exactWords } from "./exact-words.ts";
import { executionForms } from "./execution-forms.ts";
import { type CommandFault, locateCommand } from "./locate-command.ts";
import { spawnCommand } from "./spawn-command.ts";
import { systemCalls } from "./system-calls.ts";

const ownFailure = 125;

export async function startProcess([manner = "", signals = "", ...words]: readonly string[]): Promise<number> {
  const calls = manner === "exec" ? systemCalls() : null;
  if (manner === "exec" && (calls === null || !leadGroup(calls))) {
    say("no-system-calls");
    return ownFailure;
  }
  say("ready");
  if (hear() !== "go") return ownFailure;
  const located = locateCommand(words[0] ?? "", process.env);
  if (located.kind === "fault") return refuse(located.fault);
  const [name = "", ...rest] = words;
  const exact = exactWords({ words: rest, environment: process.env, processId: process.ppid });
  const ignored = signals.split(",").filter((text) => text !== "");
  for (const { path, firstWords } of executionForms(located.path, name)) {
    if (calls !== null) {
      const first = firstWords.map((word) => Buffer.from(word));
      becomeCommand(calls, { ...exact, path, words: [...first, ...exact.words], ignored: ignored.map(Number) });
      continue;
    }
    const exited = spawnCommand(path, [...firstWords, ...rest]);
    if (exited === null) continue;
    closeSync(channelDescriptor);
    return await exited;
  }
  return refuse({ code: 126, message: `cannot run "${located.path}": the system cannot execute it` });
}

function refuse({ code, message }: CommandFault): number {
  say(`fault ${code} ${message}`);
  return code;
}

function say(line: string): void {
  try {
    writeSync(channelDescriptor, `${line}\n`);
  } catch {
    // lull is gone, which is heard too.
  }
}

/** One line; empty: lull is gone. */
function hear(): string {
  const bytes = new Uint8Array(16);
  try {
    return new TextDecoder().decode(bytes.subarray(0, readSync(channelDescriptor, bytes))).trim();
  } catch {
    return "";
  }
}
