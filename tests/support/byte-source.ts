import type { Socket } from "node:net";

const TIMEOUT_MS = 10_000;

/** What has arrived, taken from the front; `more` waits for the next piece and is false at the end. */
export interface ByteSource {
  readonly buffered: () => Buffer;
  readonly take: (count: number) => Buffer;
  readonly more: () => Promise<boolean>;
  readonly isAtEnd: () => boolean;
}

export function byteSource(socket: Socket): ByteSource {
  let buffered = Buffer.alloc(0);
  let isAtEnd = false;
  let wake = () => {};
  socket.on("data", (piece: Buffer) => {
    buffered = Buffer.concat([buffered, piece]);
    wake();
  });
  const finish = () => {
    isAtEnd = true;
    wake();
  };
  socket.on("end", finish).on("close", finish);
  return {
    buffered: () => buffered,
    take: (count) => {
      const taken = buffered.subarray(0, count);
      buffered = buffered.subarray(count);
      return taken;
    },
    more: async () => {
      const before = buffered.length;
      const deadline = Date.now() + TIMEOUT_MS;
      while (buffered.length === before && !isAtEnd) {
        const next = Promise.withResolvers<void>();
        wake = next.resolve;
        const timer = setTimeout(next.resolve, Math.max(0, deadline - Date.now()));
        await next.promise;
        clearTimeout(timer);
        if (Date.now() >= deadline) throw new Error(`no answer within ${TIMEOUT_MS} ms after ${before} bytes`);
      }
      return buffered.length > before;
    },
    isAtEnd: () => isAtEnd,
  };
}
