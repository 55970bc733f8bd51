import { EtaParseError } from "eta";

/** Why a template does not hold, in one line. */
export function templateFault(error: unknown): string {
  const message = messageOf(error);
  const [what = "", detail] = message.split("\n").filter((line) => line.trim() !== "");
  // Eta draws a picture of the place: its first line says what is wrong, its second what stands there.
  if (!(error instanceof EtaParseError) || detail === undefined) return what;
  return what.endsWith(":") ? `${what} ${detail.trim()}` : `${what}: ${detail.trim()}`;
}

/** Anything can be thrown, also what cannot be written. */
function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return "it throws what cannot be written";
  }
}
