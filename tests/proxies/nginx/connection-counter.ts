import { once } from "node:events";
import { connect, createServer } from "node:net";

export interface ConnectionCounter {
  /** Connections that were accepted until now. */
  connections(): number;
  /** Requests that went through, as far as their heads came in one piece each. */
  requests(): number;
  stop(): Promise<void>;
}

/** Stands between two ends of a unix socket and counts. */
export async function countConnections(sockets: {
  readonly listen: string;
  readonly target: string;
}): Promise<ConnectionCounter> {
  let connections = 0;
  let requests = 0;
  const server = createServer((inside) => {
    connections += 1;
    const outside = connect(sockets.target);
    inside.on("data", (piece: Buffer) => {
      if (piece.includes(" HTTP/1.1\r\n")) requests += 1;
    });
    inside.pipe(outside).pipe(inside);
    // Either end may go first.
    inside.on("error", () => outside.destroy()).on("close", () => outside.destroy());
    outside.on("error", () => inside.destroy()).on("close", () => inside.destroy());
  });
  server.listen(sockets.listen);
  await once(server, "listening");
  return {
    connections: () => connections,
    requests: () => requests,
    async stop() {
      server.close();
      await once(server, "close");
    },
  };
}
