/** Nobody lists more; what a visitor sends must not cost more than it is worth. */
const longestList = 1_000;
/** RFC 9110, 12.5.4. Each space can be matched in one way only, so that the time is linear. */
const range = /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/i;

/** The first language that `Accept-Language` prefers, as it is written there; `en` when it names none. */
export function preferredLanguage(acceptLanguage: string | null): string {
  let best = "en";
  let bestQuality = 0;
  for (const part of (acceptLanguage ?? "").slice(0, longestList).split(",")) {
    const [, tag, quality = "1"] = range.exec(part) ?? [];
    if (tag !== undefined && Number(quality) > bestQuality) {
      best = tag;
      bestQuality = Number(quality);
    }
  }
  return best;
}
