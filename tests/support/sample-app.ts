import type { Server } from "bun";

export interface SampleApp extends AsyncDisposable {
  readonly port: number;
  /** How many requests arrived, of all or of those that carry this marker (header `X-Marker` or query `marker`). */
  hits(marker?: string): number;
  forget(): void;
  stop(): Promise<void>;
}

const REFUSALS = new Set(["401", "403", "404", "500", "503"]);

/** The application behind the proxy: two pages, its own errors, an echo, a websocket and an event stream. */
export function startSampleApp(): SampleApp {
  let markers: (string | null)[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    // Event streams stay open for as long as the visitor wants.
    idleTimeout: 0,
    fetch(request, self) {
      const url = new URL(request.url);
      markers.push(request.headers.get("x-marker") ?? url.searchParams.get("marker"));
      return answer(request, url.pathname, self);
    },
    websocket: {
      message(socket, message) {
        socket.send(`echo ${message.toString()}`);
      },
    },
  });
  const stop = () => server.stop(true);
  return {
    port: server.port ?? 0,
    hits: (marker) => (marker === undefined ? markers : markers.filter((each) => each === marker)).length,
    forget: () => {
      markers = [];
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function answer(request: Request, path: string, server: Server<undefined>): Promise<Response | undefined> {
  const [, word, rest] = path.split("/");
  switch (word) {
    case "ws":
      return server.upgrade(request) ? undefined : new Response("this is a websocket\n", { status: 426 });
    case "events":
      return new Response(eventStream(), { headers: { "content-type": "text/event-stream", "x-app": "sample" } });
    case "echo": {
      const body = await request.arrayBuffer();
      return Response.json({ method: request.method, length: body.byteLength }, { headers: { "x-app": "sample" } });
    }
    case "status":
      if (rest !== undefined && REFUSALS.has(rest)) return page(`the application says ${rest}`, Number(rest));
      return page("no such status", 404);
    default:
      return page(`the page ${path}`, 200);
  }
}

function page(text: string, status: number): Response {
  return new Response(`${text}\n`, { status, headers: { "content-type": "text/plain", "x-app": "sample" } });
}

/** One event at once, then one every 50 ms. */
function eventStream(): ReadableStream<string> {
  let timer: ReturnType<typeof setInterval> | undefined;
  let number = 0;
  return new ReadableStream<string>({
    start(controller) {
      const send = () => {
        number += 1;
        controller.enqueue(`data: ${number}\n\n`);
      };
      send();
      timer = setInterval(send, 50);
    },
    cancel() {
      clearInterval(timer);
    },
  });
}
