import { type Channel, channelDescriptor, openChannel } from "./channel.ts";
import type { CommandFault } from "./locate-command.ts";

export interface CommandStart {
  /** The words with which lull starts itself. */
  readonly program: readonly string[];
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Numbers of the signals that COMMAND ignores from its start. */
  readonly ignored: readonly number[];
}

/** The process that becomes COMMAND when it is told to, and does nothing before. */
export interface WaitingCommand {
  /** Of the process, and of the group that it leads. */
  readonly processId: number;
  /** Whether it could be given lull's terminal. */
  readonly sharesSession: boolean;
  /** Lets it become COMMAND. Null: COMMAND has started. */
  begin(): Promise<CommandFault | null>;
  /** COMMAND's exit code, 128 + n for a signal. */
  readonly exited: Promise<number>;
  /** Ends it before it has begun. */
  abandon(): void;
}

/** Throws Error when lull cannot be started once more. */
export async function prepareCommand(start: CommandStart): Promise<WaitingCommand> {
  const waiting = (await prepare(start, "exec")) ?? (await prepare(start, "spawn"));
  if (waiting === null) throw new Error("the process for the command ended before it was ready");
  return waiting;
}

async function prepare(start: CommandStart, manner: "exec" | "spawn"): Promise<WaitingCommand | null> {
  const { program, argv, environment, ignored } = start;
  const child = Bun.spawn([...program, "__start", manner, ignored.join(","), ...argv], {
    env: { ...environment },
    detached: manner === "spawn",
    stdio: ["inherit", "inherit", "inherit", "pipe"],
  });
  const first = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<CommandFault | null>();
  const channel: Channel = await openChannel(child.stdio[channelDescriptor], {
    onLine(line) {
      first.resolve(line);
      const [word, code, ...words] = line.split(" ");
      if (word === "fault") begun.resolve({ code: codeOf(code), message: words.join(" ") });
    },
    onClosed() {
      first.resolve("");
      begun.resolve(null);
    },
  });
  if ((await first.promise) !== "ready") {
    await child.exited;
    return null;
  }
  return {
    processId: child.pid,
    sharesSession: manner === "exec",
    begin() {
      channel.send("go");
      return begun.promise;
    },
    exited: child.exited,
    abandon: () => child.kill("SIGKILL"),
  };
}

function codeOf(text: string | undefined): CommandFault["code"] {
  if (text === "127") return 127;
  return text === "126" ? 126 : 125;
}
