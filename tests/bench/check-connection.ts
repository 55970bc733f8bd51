import { once } from "node:events";
import { connect } from "node:net";

/** A connection to a sidecar that stays open, for one check after the other. */
export interface CheckConnection {
  /** The status of the answer: 204 open, 403 closed. */
  ask(request: Buffer): Promise<number>;
  close(): void;
}

/** Light, so that it measures the server and not itself: answers to checks have no body and come in one piece. */
export async function openCheckConnection(port: number): Promise<CheckConnection> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  let answer = Promise.withResolvers<number>();
  socket.on("data", (bytes) => answer.resolve(Number(bytes.toString("latin1", 9, 12))));
  socket.on("close", () => answer.reject(new Error("the sidecar closed the connection")));
  return {
    ask(request) {
      answer = Promise.withResolvers<number>();
      socket.write(request);
      return answer.promise;
    },
    close: () => {
      socket.removeAllListeners("close");
      socket.destroy();
    },
  };
}
