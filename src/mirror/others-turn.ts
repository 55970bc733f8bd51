/** Lets whatever else waits on this thread go first: checks above all. */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
