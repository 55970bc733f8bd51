/** RFC 5545, 3.1: without the line break, the space that begins a continuation counted. */
const longestOctets = 75;

/**
 * `NAME:value` as RFC 5545 (3.1) has it: folded at 75 octets, never inside a character, and ended by CRLF. Any text goes
 * in as `textValue` makes it, and nothing else that somebody wrote.
 */
export function contentLine(name: string, value: string): string {
  const whole = `${name}:${value}`;
  const isAscii = ascii.test(whole);
  // Most are: a request for a calendar must not cost more than it is worth.
  if (isAscii && whole.length <= longestOctets) return `${whole}\r\n`;
  const lines: string[] = [];
  let from = 0;
  for (let room = longestOctets; from < whole.length; room = longestOctets - 1) {
    const end = isAscii ? from + room : endOfLine(whole, from, room);
    lines.push(whole.slice(from, end));
    from = end;
  }
  return `${lines.join("\r\n ")}\r\n`;
}

/** How far so many octets reach from there. */
function endOfLine(text: string, from: number, room: number): number {
  let at = from;
  for (let octets = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    octets += octetsOf(code);
    if (octets > room) break;
    at += code < 0x1_0000 ? 1 : 2;
  }
  return at;
}

/** One octet each. */
const ascii = /^[\t -~]*$/;

/**
 * A value of type TEXT (RFC 5545, 3.3.11). Control characters, which it may not hold, become spaces; whatever somebody
 * might take for the end of a line becomes one inside the text.
 */
export function textValue(text: string): string {
  if (plain.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/g, "\\n")
    .replace(/[^\P{Cc}\t]/gu, " ");
}

/** What may stand as it is, as most texts do. */
const plain = /^[ !-+\--:<-[\]-~]*$/;

function octetsOf(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
}
