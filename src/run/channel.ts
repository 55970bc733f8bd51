/** Lines between lull and a process that it started, over a socket pair. */
export interface Channel {
  /** To an end that is gone it does nothing. */
  send(line: string): void;
  close(): void;
}

export interface ChannelEvents {
  readonly onLine: (line: string) => void;
  /** Once. The other process closed it, or is gone. */
  readonly onClosed: () => void;
}

/** The descriptor on which a process that lull starts finds its end. */
export const channelDescriptor = 3;

/** Throws Error without a descriptor: the process was started without its end. */
export async function openChannel(
  descriptor: number | null | undefined,
  { onLine, onClosed }: ChannelEvents,
): Promise<Channel> {
  if (typeof descriptor !== "number") throw new Error("the process has no channel to lull");
  const decoder = new TextDecoder();
  let rest = "";
  let isClosed = false;
  const closed = () => {
    if (isClosed) return;
    isClosed = true;
    onClosed();
  };
  const socket = await Bun.connect({
    fd: descriptor,
    socket: {
      data(_, bytes) {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) onLine(line);
      },
      end: closed,
      close: closed,
      error: closed,
    },
  });
  return {
    // The lines are few and short: they fit into the socket's buffer also while nobody reads.
    send: (line) => {
      if (!isClosed) socket.write(`${line}\n`);
    },
    close: () => socket.end(),
  };
}
