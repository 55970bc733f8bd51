/** What has been said, so that clicks without end do not fill a log with the same words. */
export interface FaultNews {
  /** Whether it is to be said now: once a minute for each text. */
  isNews(text: string): boolean;
  /** How many were not to be said since this was asked last. */
  takeLeftOut(): number;
}

const everyMs = 60_000;
/** Texts name hosts or addresses, which visitors choose: no more are said within a minute. */
const mostTexts = 100;

export function createFaultNews(now: () => number): FaultNews {
  /** When each was said, the first to be forgotten first. */
  const said = new Map<string, number>();
  let leftOut = 0;
  return {
    isNews(text) {
      const at = now();
      for (const [other, since] of said) {
        // A clock that was set back silences nothing.
        if (since > at || at - since >= everyMs) said.delete(other);
      }
      if (said.has(text) || said.size >= mostTexts) {
        leftOut++;
        return false;
      }
      said.set(text, at);
      return true;
    },
    takeLeftOut() {
      const count = leftOut;
      leftOut = 0;
      return count;
    },
  };
}
