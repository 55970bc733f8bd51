import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import { formatInstant, type InstantContext } from "../time/instant.ts";

/** An end as it was given: by which option, in what words, and what these mean. */
interface WrittenEnd {
  readonly option: string;
  readonly text: string;
  readonly end: InstantMs;
}

/** Refuses (LullError) an end by which nothing would be closed, because it is over. */
export function refusePast({ option, text, end }: WrittenEnd, { now, timezone }: InstantContext): void {
  if (end > now) return;
  throw new LullError(
    "refused",
    `--${option} "${text}" is past (${formatInstant(end, timezone)}), so nothing would be closed; name a later time`,
  );
}
