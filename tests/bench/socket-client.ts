/**
 * Checks over a unix socket, as many as this process can send: `bun socket-client.ts <socket> <connections> <seconds>`.
 * Each connection has one request on the way; answers are small enough to come in one piece, and have no body.
 */
import { printFigures } from "./figures.ts";
import { checkRequest } from "./visits.ts";

const statusLine = /^HTTP\/1\.1 (?:204|403) /;

async function ask(socket: string, connections: number, seconds: number): Promise<void> {
  const request = checkRequest();
  let requests = 0;
  const startedMs = performance.now();
  const opened = await Promise.all(
    Array.from({ length: connections }, () =>
      Bun.connect({
        unix: socket,
        socket: {
          open: (connection) => void connection.write(request),
          data(connection, bytes) {
            // The first one is looked at; the client must stay lighter than the server.
            if (requests++ === 0 && !statusLine.test(bytes.toString("latin1"))) throw new Error(bytes.toString());
            connection.write(request);
          },
        },
      }),
    ),
  );
  await Bun.sleep(seconds * 1000);
  printFigures({ requests, seconds: (performance.now() - startedMs) / 1000 });
  for (const connection of opened) connection.terminate();
}

if (import.meta.main) {
  const [socket = "", connections, seconds] = process.argv.slice(2);
  await ask(socket, Number(connections), Number(seconds));
  process.exit(0);
}
