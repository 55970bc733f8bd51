/** A server of a key set, for tests, whose answers and questions are in the test's hands. */
export interface KeyServer extends AsyncDisposable {
  readonly url: string;
  /** What it was asked, the headers of each request. */
  readonly asked: readonly Headers[];
  /** From now on it answers so. */
  answer: (request: Request) => Response | Promise<Response>;
  /** Resolves when it has been asked so often in all. */
  askedTimes(times: number): Promise<void>;
}

export function startKeyServer(text = ""): KeyServer {
  const asked: Headers[] = [];
  const waiting: { readonly times: number; readonly resolve: () => void }[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    fetch(request) {
      asked.push(request.headers);
      for (const { times, resolve } of waiting) if (asked.length >= times) resolve();
      return keyServer.answer(request);
    },
  });
  const keyServer: KeyServer = {
    url: `http://127.0.0.1:${server.port}/jwks.json`,
    asked,
    answer: () => new Response(text),
    askedTimes(times) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ times, resolve });
      if (asked.length >= times) resolve();
      return promise;
    },
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
  return keyServer;
}
