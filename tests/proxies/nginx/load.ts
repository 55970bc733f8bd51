import { requestText, type VisitParts } from "./visit.ts";

export interface LoadOptions {
  readonly address: { readonly host: string; readonly port: number };
  /** Sent again and again. */
  readonly visit: VisitParts;
  /** How many connections ask at once. */
  readonly connections: number;
}

/** How often each outcome came: a status, or `lost` for a request without an answer. */
export type Tally = ReadonlyMap<string, number>;

export interface Load {
  /** Answers until now. */
  answered(): number;
  tally(): Tally;
  /** Lets every request that was sent be answered, then closes. */
  stop(): Promise<Tally>;
}

const CONTENT_LENGTH = /\r\ncontent-length: (\d+)\r\n/i;
const CONNECTION_CLOSE = /\r\nconnection: close\r\n/i;

/** Visitors with kept connections, each of whom asks again as soon as it is answered. */
export function startLoad({ address, visit, connections }: LoadOptions): Load {
  const request = requestText(visit);
  const tally = new Map<string, number>();
  let answered = 0;
  let stopping = false;

  function count(outcome: string): void {
    answered += 1;
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
  }

  async function visitor(): Promise<void> {
    while (!stopping) await connection();
  }

  /** Until nginx or the end of the load closes it. */
  async function connection(): Promise<void> {
    const closed = Promise.withResolvers<void>();
    let buffered: Buffer = Buffer.alloc(0);
    let isAsking = true;
    const end = () => {
      if (isAsking) count("lost");
      isAsking = false;
      closed.resolve();
    };
    const socket = await Bun.connect({
      hostname: address.host,
      port: address.port,
      socket: {
        open: (opened) => void opened.write(request),
        data(open, piece) {
          buffered = buffered.length === 0 ? piece : Buffer.concat([buffered, piece]);
          const response = firstResponse(buffered);
          if (response === null) return;
          buffered = Buffer.alloc(0);
          isAsking = false;
          count(response.status);
          if (stopping || response.closes) {
            open.end();
            return;
          }
          isAsking = true;
          open.write(request);
        },
        close: end,
        error: end,
      },
    });
    await closed.promise;
    socket.end();
  }

  const visitors = Promise.all(Array.from({ length: connections }, visitor));
  return {
    answered: () => answered,
    tally: () => tally,
    async stop() {
      stopping = true;
      await visitors;
      return tally;
    },
  };
}

/** The response in these bytes; null: it is not complete yet. */
function firstResponse(bytes: Buffer): { readonly status: string; readonly closes: boolean } | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = bytes.toString("latin1", 0, end + 2);
  const length = Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
  if (bytes.length < end + 4 + length) return null;
  return { status: head.slice(9, 12), closes: CONNECTION_CLOSE.test(head) };
}
