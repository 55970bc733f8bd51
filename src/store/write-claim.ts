/** Said of one write by two threads, of which one alone can be first. */
const waiting = 0;
const begun = 1;
const givenUp = 2;

/** Memory that both threads see. */
export type WriteClaim = SharedArrayBuffer;

export function createClaim(): WriteClaim {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/** Whether it may be done: nobody has given it up, and from now on nobody can. */
export function beginClaimed(claim: WriteClaim): boolean {
  return Atomics.compareExchange(new Int32Array(claim), 0, waiting, begun) === waiting;
}

/** Whether it will never be done: it had not begun, and from now on it cannot. */
export function giveUpClaimed(claim: WriteClaim): boolean {
  return Atomics.compareExchange(new Int32Array(claim), 0, waiting, givenUp) === waiting;
}
