import { LullError } from "../gate/error.ts";
import { type InstantMs, overAt, type Period } from "../gate/period.ts";
import { formatDuration } from "../time/duration.ts";
import { formatUtc } from "../time/instant.ts";

type Times = Pick<Period, "start" | "end">;

/** Refuses (LullError) what closes nothing: an end before the start, or before `now`. */
export function refuseUselessEnd({ start, end }: Times, now: InstantMs): void {
  if (end === null) return;
  if (end <= start) {
    throw new LullError("refused", `a period must end after it starts: start ${utc(start)}, end ${utc(end)}`);
  }
  if (end <= now) throw new LullError("refused", `the period would be over already: its end ${utc(end)} is past`);
}

/** Refuses (LullError) a closing that lasts longer than the configuration allows; `longestMs` null: any may. */
export function refuseTooLong({ start, end }: Times, longestMs: number | null): void {
  if (end === null || longestMs === null || end - start <= longestMs) return;
  // It may begin some milliseconds after its end was counted.
  const wholeSecondsMs = Math.ceil((end - start) / 1_000) * 1_000;
  const [length, longest] = [formatDuration(wholeSecondsMs), formatDuration(longestMs)];
  throw new LullError(
    "refused",
    `it would last ${length}, and ${longest} is the longest (setting longest_period): a site that is closed for longer is dropped by search engines; --force if that is meant`,
  );
}

/** In characters: every held visitor, and whoever reads what is planned, gets them. */
const longestText = 2_000;

/** Refuses (LullError) a reason or a message that is too long to be read, or to be sent to everybody. */
export function refuseLongTexts(texts: { readonly reason: string; readonly message: string }): void {
  for (const [name, text] of Object.entries(texts)) {
    const length = [...text].length;
    if (length <= longestText) continue;
    throw new LullError(
      "refused",
      `--${name} has ${length} characters, and ${longestText} are the most; write a shorter one`,
    );
  }
}

/** Refuses (LullError) to change what is over. */
export function refuseOver(period: Period, now: InstantMs): void {
  const over = overAt(period);
  if (over <= now)
    throw new LullError("refused", `period ${period.id} is over since ${utc(over)}; nothing was changed`);
}

/** In characters. */
const longestName = 100;

/** Refuses (LullError) a name by which nobody could find or end the period. */
export function refuseUnusableName(name: string): void {
  const shown = JSON.stringify([...name].slice(0, longestName).join(""));
  if (name === "")
    throw new LullError("refused", "a period needs a name, and this one is empty; leave --name out or write one");
  if (/\p{Cc}/u.test(name))
    throw new LullError("refused", `the name of a period has no control characters, and ${shown} has; write another`);
  const length = [...name].length;
  if (length > longestName)
    throw new LullError(
      "refused",
      `the name of a period has ${longestName} characters at most, and ${shown}... has ${length}; write a shorter one`,
    );
}

/** Site and name identify a running period, so two of them may not run at once. */
export function refuseOverlap(others: readonly Period[], planned: Omit<Period, "id">): void {
  const other = others.find(
    (period) =>
      period.enabled &&
      period.siteId === planned.siteId &&
      period.name === planned.name &&
      period.start < overAt(planned),
  );
  if (other === undefined) return;
  const over = overAt(other);
  const end = over === Number.POSITIVE_INFINITY ? "without an end" : `to ${utc(over)}`;
  throw new LullError(
    "refused",
    `period ${other.id} has the name "${other.name}" on the same site at that time (from ${utc(other.start)} ${end}); give this one another --name`,
  );
}

/** As refusals write instants: to the second. */
export function utc(instant: InstantMs): string {
  return formatUtc(Math.floor(instant / 1_000) * 1_000);
}
