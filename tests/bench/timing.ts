/** What calls gave, so that no call can be left out as useless. */
let seen = 0;

/** Runs the calls one after the other; microseconds of one, on average. */
export function microsecondsEach(calls: number, call: (index: number) => { readonly why: string }): number {
  const startedNs = Bun.nanoseconds();
  for (let index = 0; index < calls; index++) seen += call(index).why.length;
  return (Bun.nanoseconds() - startedNs) / 1000 / calls;
}

/** The same of processor time, whichever thread of this process used it: memory that calls left behind is cleared elsewhere. */
export function processorMicrosecondsEach(calls: number, call: (index: number) => { readonly why: string }): number {
  const before = process.cpuUsage();
  for (let index = 0; index < calls; index++) seen += call(index).why.length;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** Of every single call: for what happens once. The clock itself takes some 0.03 us. */
export function microsecondsOf(calls: number, call: (index: number) => { readonly why: string }): readonly number[] {
  return Array.from({ length: calls }, (_, index) => {
    const startedNs = Bun.nanoseconds();
    seen += call(index).why.length;
    return (Bun.nanoseconds() - startedNs) / 1000;
  });
}

export function callsSeen(): number {
  return seen;
}
