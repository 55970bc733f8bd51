import type { Problem } from "./problem.ts";

/** How long an EventSource waits at most: it may keep this for as long as its page lives. */
const longestWaitSeconds = 60;

/**
 * One event `maintenance` with the problem, and the time after which an EventSource comes again (HTML, 9.2.6): with a
 * 503 it would give up for ever. `random`: in [0, 1), spreads clients over a tenth more.
 */
export function eventStream(problem: Problem, random: () => number): string {
  const waitMs = Math.min(problem.retryAfter, longestWaitSeconds) * 1_000;
  const retryMs = waitMs + Math.floor((random() * waitMs) / 10);
  return `retry: ${retryMs}\nevent: maintenance\ndata: ${JSON.stringify(problem)}\n\n`;
}
