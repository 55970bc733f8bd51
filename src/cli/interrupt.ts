/** Whether somebody has pressed Ctrl-C, from when it is made until it is released. */
export interface Interrupt {
  hasHappened(): boolean;
  /** Ends early when it happens. */
  sleep(timeMs: number): Promise<void>;
  /** What comes of the work; null: it happened before. Nobody waits for the work then, whatever comes of it. */
  during<T>(work: Promise<T>): Promise<T | null>;
  release(): void;
}

/** Ctrl-C no longer ends the process, which can end what it does, and say how far it has come. */
export function catchInterrupt(): Interrupt {
  /** Of those that wait now: a promise that waits for days would keep all that ever looked at it. */
  const waiting = new Set<() => void>();
  let happened = false;
  const handler = () => {
    happened = true;
    for (const end of waiting) end();
  };
  process.on("SIGINT", handler);

  async function during<T>(work: Promise<T>): Promise<T | null> {
    const { promise, resolve } = Promise.withResolvers<null>();
    const end = () => resolve(null);
    waiting.add(end);
    if (happened) end();
    try {
      return await Promise.race([work, promise]);
    } finally {
      waiting.delete(end);
    }
  }

  return {
    hasHappened: () => happened,
    during,
    async sleep(timeMs) {
      await during(Bun.sleep(timeMs));
    },
    release: () => {
      process.off("SIGINT", handler);
    },
  };
}
