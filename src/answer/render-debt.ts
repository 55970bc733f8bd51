/** What a page of an operator's owes to checks, which wait while it is rendered. */
export interface RenderDebt {
  /** Milliseconds that one rendering took. Gives whether the page has become too dear with it. */
  add(tookMs: number): boolean;
}

const allowedMs = 10;
/** A pause of the whole process may be long, but not again and again. */
const mostAtOnce = 50;
const most = 100;

/** What was slow for a few visitors is forgotten over many others. */
export function createRenderDebt(): RenderDebt {
  let debt = 0;
  return {
    add(tookMs) {
      debt = tookMs > allowedMs ? debt + Math.min(tookMs - allowedMs, mostAtOnce) : Math.max(0, debt - 1);
      return debt > most;
    },
  };
}
