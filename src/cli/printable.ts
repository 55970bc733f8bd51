/** Controls (ESC, CR, LF, C1), line and paragraph separators, and what turns the direction of writing around. */
const dangerous = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text of unknown origin on one line of a terminal: what somebody wrote into a reason or a name must not move the
 * cursor, change colours, or make a line that another command seems to have written.
 */
export function printable(text: string): string {
  return text.replace(dangerous, "\ufffd").toWellFormed();
}

/** The same for JSON, where nothing is lost: `\u009b` for the character itself. JSON.stringify escapes only some of them. */
export function escapedForTerminals(json: string): string {
  return json.replace(dangerous, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
