/** HTTP/1.1 by hand, for requests that no client library would send. Text is latin-1: one character is one byte. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { byteSource } from "./byte-source.ts";
import { type RawResponse, readResponse } from "./raw-response.ts";

export type Address = { readonly host: string; readonly port: number } | { readonly unix: string };

export interface RawConnection extends AsyncDisposable {
  send(request: string | Uint8Array): void;
  /** The next response; `method` because an answer to HEAD has no body, whatever its headers say. */
  receive(method?: string): Promise<RawResponse>;
  /** True when the other side has closed, which a response without keepalive leads to. */
  isClosed(): boolean;
  close(): Promise<void>;
}

export async function openConnection(address: Address): Promise<RawConnection> {
  const socket: Socket =
    "unix" in address ? connect({ path: address.unix }) : connect({ host: address.host, port: address.port });
  await once(socket, "connect");
  // A reset while nobody reads must not end the process; whoever reads is told by readResponse.
  socket.on("error", () => {});
  const bytes = byteSource(socket);
  const close = async () => {
    socket.destroy();
    if (!socket.closed) await once(socket, "close");
  };
  return {
    send: (request) => void socket.write(typeof request === "string" ? Buffer.from(request, "latin1") : request),
    receive: (method = "GET") => readResponse(bytes, method),
    isClosed: bytes.isAtEnd,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Sends the request on a connection of its own and reads one full response. */
export async function sendRaw(address: Address, request: string | Uint8Array): Promise<RawResponse> {
  await using connection = await openConnection(address);
  connection.send(request);
  const start = typeof request === "string" ? request : Buffer.from(request.subarray(0, 16)).toString("latin1");
  return await connection.receive(start.split(" ", 1)[0]);
}
