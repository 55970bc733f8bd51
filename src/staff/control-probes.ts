import { isOfTheMoment, type ProbeAnswer } from "./probe-request.ts";

/** What the application answers to nobody: by that alone it is known that it tells people apart. */
export interface ControlProbes {
  /** Whether the next `answer` asks the application. */
  mustAsk(url: string, host: string): boolean;
  /** At most 15 s old when it is used within 2 s. Who asks for the same at the same time waits for the same. */
  answer(url: string, host: string): Promise<ProbeAnswer>;
}

export interface ControlMeans {
  readonly ask: (url: string, host: string) => Promise<ProbeAnswer>;
  readonly now: () => number;
}

/** Counted from its question, and less the 2 s that the visitor's own may take. */
const goodForMs = 13_000;
const mostRemembered = 1_000;

interface Control {
  readonly askedAt: number;
  readonly answer: Promise<ProbeAnswer>;
}

export function createControlProbes({ ask, now }: ControlMeans): ControlProbes {
  /** The oldest first. */
  const controls = new Map<string, Control>();

  function good(key: string): Control | null {
    const control = controls.get(key);
    if (control === undefined) return null;
    const ageMs = now() - control.askedAt;
    return ageMs >= 0 && ageMs <= goodForMs ? control : null;
  }

  return {
    mustAsk: (url, host) => good(keyOf(url, host)) === null,
    async answer(url, host) {
      const key = keyOf(url, host);
      const known = good(key);
      if (known !== null) return known.answer;
      const control = { askedAt: now(), answer: ask(url, host) };
      controls.delete(key);
      for (const oldest of controls.keys()) {
        if (controls.size < mostRemembered) break;
        controls.delete(oldest);
      }
      controls.set(key, control);
      const answer = await control.answer;
      // What says nothing of who is asked for is not kept.
      const isNone = answer.kind === "silent" || isOfTheMoment(answer);
      if (isNone && controls.get(key) === control) controls.delete(key);
      return answer;
    },
  };
}

/** No host has a space. */
function keyOf(url: string, host: string): string {
  return `${host} ${url}`;
}
