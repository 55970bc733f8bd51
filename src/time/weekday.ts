/** In the order of ISO 8601: Monday is 1. */
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
const SHORT_LENGTH = 3;

/** The number (ISO 8601, Monday is 1) of a weekday that a person names, `sunday` or `sun`; null: it is none. */
export function parseWeekday(text: string): number | null {
  const written = text.trim().toLowerCase();
  const index = WEEKDAYS.findIndex((name) => name === written || name.slice(0, SHORT_LENGTH) === written);
  return index < 0 ? null : index + 1;
}
