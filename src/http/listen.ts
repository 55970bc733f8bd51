import { formatListenAddress, type ListenAddress } from "../config/listen.ts";
import { LullError } from "../gate/error.ts";
import {
  boundName,
  clearBoundName,
  codeOf,
  makeFolder,
  messageOf,
  publishSocket,
  type SocketAccess,
  socketState,
} from "./unix-socket.ts";

export type Handle = (request: Request, server: Bun.Server<undefined>) => Response | Promise<Response>;

export interface ListenOptions {
  readonly addresses: readonly ListenAddress[];
  readonly access: SocketAccess;
  /** Listen where another process of the same user still does. */
  readonly takeover: boolean;
  readonly handlerFor: (address: ListenAddress) => Handle;
  readonly onError: (error: unknown) => Response;
  /** All are bound, and unix sockets have no name yet that clients know. */
  readonly onBound: () => void;
}

export interface Listeners {
  /** As `parseListenAddress` takes them; the port is the real one. */
  readonly addresses: readonly string[];
  /** Accepts nothing new, closes idle connections, ends when the requests in flight are answered. */
  stop(): Promise<void>;
  /** Closes everything now. */
  abandon(): Promise<void>;
}

/**
 * Longer than any proxy keeps an idle connection (nginx: 60 s): a connection that we close at the moment in which the
 * proxy uses it is a failure, and a failed sidecar is not asked for some seconds.
 */
const idleTimeoutSeconds = 255;
/** Bun heeds it on unix sockets too (it would close them after 10 s); its types do not know. */
const patience: object = { idleTimeout: idleTimeoutSeconds };

/** Opens all listeners or none. Throws LullError `refused` for an address that is in use or cannot be used. */
export async function openListeners(options: ListenOptions): Promise<Listeners> {
  for (const address of options.addresses) await requireFree(address, options.takeover);
  const servers: Bun.Server<undefined>[] = [];
  const abandon = async () => {
    await Promise.all(servers.map((server) => server.stop(true)));
  };
  try {
    for (const address of options.addresses) servers.push(bind(address, options));
    options.onBound();
    // Last, when nothing can be refused any more: from here on the predecessor gets no new connections.
    for (const address of options.addresses) {
      if (address.kind === "unix") attempt(address, () => publishSocket(address.path, options.access));
    }
  } catch (error) {
    await abandon();
    throw error;
  }
  const addresses = options.addresses.map((address, index) =>
    formatListenAddress(address.kind === "unix" ? address : { ...address, port: servers[index]?.port ?? address.port }),
  );
  return {
    addresses,
    abandon,
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

function bind(address: ListenAddress, options: ListenOptions): Bun.Server<undefined> {
  const common = {
    ...patience,
    // The answer does not depend on the body: one that is too large gets it too.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    development: false,
    error: options.onError,
    fetch: options.handlerFor(address),
  };
  return attempt(address, () => {
    switch (address.kind) {
      case "unix":
        makeFolder(address.path);
        clearBoundName(address.path);
        return Bun.serve({ ...common, unix: boundName(address.path) });
      case "tcp":
        // Shared, so that a successor of the same user can listen before this process stops.
        return Bun.serve({ ...common, hostname: address.host, port: address.port, reusePort: true });
    }
  });
}

/** Sharing a port would let a second process listen unnoticed: without takeover somebody who listens is an error. */
async function requireFree(address: ListenAddress, takeover: boolean): Promise<void> {
  switch (address.kind) {
    case "unix":
      if ((await socketState(address.path)) === "live" && !takeover) throw inUse(address);
      return;
    case "tcp": {
      if (takeover || address.port === 0) return;
      const probe = attempt(address, () =>
        Bun.listen({ hostname: address.host, port: address.port, socket: { data() {} } }),
      );
      probe.stop(true);
    }
  }
}

function attempt<Result>(address: ListenAddress, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (codeOf(error) === "EADDRINUSE") throw inUse(address);
    const where = formatListenAddress(address);
    throw new LullError("refused", `${where} cannot be listened on: ${hint(address, error)}`, { cause: error });
  }
}

function hint(address: ListenAddress, error: unknown): string {
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
      return address.kind === "unix" ? "no access; start as the folder's owner" : "no access; choose a port above 1023";
    case "ENOENT":
      return "its folder does not exist; make it, or change the setting listen";
    case "EADDRNOTAVAIL":
      return "no such address on this machine; change the setting listen";
    default:
      return messageOf(error);
  }
}

function inUse(address: ListenAddress): LullError {
  const where = formatListenAddress(address);
  return new LullError("refused", `${where} is already in use; to replace a running sidecar: lull serve --takeover`);
}
