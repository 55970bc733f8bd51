import type { Socket } from "bun";

/** What was received on one connection, as bytes: one character is one byte. */
export interface RawApplication extends AsyncDisposable {
  readonly origin: string;
  /** Every connection's request, in order. */
  readonly requests: readonly string[];
  /** Connections that are open now. */
  readonly open: () => number;
  /** The most that were open at once. */
  readonly most: () => number;
}

/** Answers one whole request; what it does not end stays open. */
export type RawAnswer = (socket: Socket<{ text: string }>, request: string) => void;

/** An application that says what it likes, byte by byte. */
export function startRawApplication(answer: RawAnswer): RawApplication {
  const requests: string[] = [];
  const sockets = new Set<Socket<{ text: string }>>();
  let most = 0;
  const server = Bun.listen<{ text: string }>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        socket.data = { text: "" };
        sockets.add(socket);
        most = Math.max(most, sockets.size);
      },
      data(socket, bytes) {
        socket.data.text += Buffer.from(bytes).toString("latin1");
        if (!socket.data.text.endsWith("\r\n\r\n")) return;
        requests.push(socket.data.text);
        answer(socket, socket.data.text);
      },
      close: (socket) => void sockets.delete(socket),
      error: () => {},
    },
  });
  return {
    origin: `http://127.0.0.1:${server.port}`,
    requests,
    open: () => sockets.size,
    most: () => most,
    async [Symbol.asyncDispose]() {
      server.stop(true);
    },
  };
}

export function status(line: string, more = ""): string {
  return `HTTP/1.1 ${line}\r\nContent-Length: 0\r\n${more}\r\n`;
}

/** Staff is whoever has the cookie `who=staff`. */
export const honest: RawAnswer = (socket, request) => {
  const isStaff = /^cookie: (?:.*; )?who=staff(?:;|\r?$)/im.test(request);
  socket.end(isStaff ? status("200 OK") : status("302 Found", "Location: /login\r\n"));
};
