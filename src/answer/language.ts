/** The first language that `Accept-Language` prefers, as it is written there; `en` when it names none. */
export function preferredLanguage(acceptLanguage: string | null): string {
  let best = "en";
  let bestQuality = 0;
  for (const part of (acceptLanguage ?? "").split(",")) {
    const [, tag, quality = "1"] =
      /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*$/i.exec(part) ?? [];
    if (tag !== undefined && Number(quality) > bestQuality) {
      best = tag;
      bestQuality = Number(quality);
    }
  }
  return best;
}
