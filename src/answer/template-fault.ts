import { EtaParseError } from "eta";

const longestFault = 300;

/** Why a template does not hold, in one line of at most 300 characters. */
export function templateFault(error: unknown): string {
  const line = lineOf(error).replace(controls, " ").trim();
  return line.length <= longestFault ? line : `${line.slice(0, longestFault - 1).trimEnd()}…`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is said at a terminal must do nothing to it
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

function lineOf(error: unknown): string {
  const message = messageOf(error);
  const [what = "", detail] = message.split("\n").filter((line) => line.trim() !== "");
  // Eta draws a picture of the place: its first line says what is wrong, its second what stands there.
  if (!(error instanceof EtaParseError) || detail === undefined) return what;
  const said = what.endsWith(":") ? `${what} ${detail.trim()}` : `${what}: ${detail.trim()}`;
  return /Unexpected (?:end|EOF)/.test(said) ? `${said} (a "{" or a "(" in it is not closed)` : said;
}

/** Anything can be thrown, also what cannot be written. */
function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return "it throws what cannot be written";
  }
}
