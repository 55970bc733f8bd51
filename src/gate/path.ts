import { LullError } from "./error.ts";

/** Longer paths are refused by many servers; also what bounds the work on a path. */
const longestPathBytes = 8_192;

/** What a byte of the path does: `slash` and `dot` take part in segments, `refused` makes the target ambiguous. */
const plain = 0;
const slash = 1;
const dot = 2;
const percent = 3;
const high = 4;
const refused = 5;

/** Raw bytes that servers read in more than one way: space and controls (nginx answers 400), `\`, `;`, `#`. */
const rawBytes = bytesWith("\\;#\x7f ", plain);
/** Escaped bytes that are ambiguous: as above but for the space, and the encoded `/`, `?` and `%`. */
const escapedBytes = bytesWith("\\;#\x7f/?%", plain);

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The one reading of a raw request target (a byte string: one character is one byte), decoded once, without its query;
 * null: servers or applications could read it in more than one way, or refuse it.
 * For every target that is not ambiguous the result equals nginx's `$uri`, decoded as UTF-8.
 */
export function canonicalPath(target: string): string | null {
  if (target.charCodeAt(0) !== 0x2f) return null;
  let decoded = false;
  let segmentStart = 1;
  let dots = true;
  let position = 1;
  for (; position < target.length; position++) {
    const code = target.charCodeAt(position);
    if (code === 0x3f) break;
    let kind = code < 256 ? rawBytes[code] : refused;
    let width = 1;
    if (kind === percent) {
      const byte = hexByte(target, position);
      kind = byte === -1 ? refused : byte === 0x2e ? dot : byte === 0x20 ? plain : escapedBytes[byte];
      decoded = true;
      width = 3;
    }
    if (kind === slash) {
      if (isDotsOrNothing(segmentStart, position, dots)) return null;
      segmentStart = position + 1;
      dots = true;
    } else if (kind === dot) {
      // An escaped dot is as long as three: count what it means.
      segmentStart += width - 1;
    } else if (kind === refused || kind === undefined) {
      return null;
    } else {
      dots = false;
      if (kind === high) decoded = true;
    }
    position += width - 1;
  }
  const isLast = position > segmentStart && isDotsOrNothing(segmentStart, position, dots);
  if (isLast || position > longestPathBytes || !isQuery(target, position)) return null;
  const path = target.slice(0, position);
  return decoded ? decodeOnce(path) : path;
}

/**
 * The path that an operator types (`/café`, `/caf%C3%A9`, `/a b`), as `canonicalPath` reads it in a visit.
 * Throws a LullError when no visit could ever have it.
 */
export function canonicalPathOf(text: string): string {
  const refuse = (why: string) => new LullError("refused", `the path "${text}" ${why}`);
  if (!text.startsWith("/"))
    throw refuse(`does not begin with "/": write "/${text.replace(/^[a-z]+:\/\/[^/]*\//i, "")}"`);
  const query = text.indexOf("?");
  if (query !== -1) throw refuse(`has a query, which is never looked at: write "${text.slice(0, query)}"`);
  if (!text.isWellFormed()) throw refuse("is not valid Unicode");
  const target = asByteString(text.replaceAll(" ", "%20"));
  if (target.length > longestPathBytes) {
    throw new LullError(
      "refused",
      `a path of ${target.length} bytes is longer than the ${longestPathBytes} that a visit may have: write a shorter one`,
    );
  }
  const path = canonicalPath(target);
  if (path !== null) return path;
  throw refuse(`can be read in more than one way, and such a path is never exempt: ${ambiguity(text)}`);
}

/** The same bytes as a raw target that holds no space: the inverse of `canonicalPath` for what it returns. */
export function asByteString(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function ambiguity(text: string): string {
  if (text.includes("//")) return 'write one slash instead of "//"';
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(text)) return 'leave out the segments "." and ".."';
  if (/%(?![0-9a-f]{2})/i.test(text)) return 'a "%" needs two hexadecimal digits';
  return "leave out \\ ; # % ? and control characters, raw or escaped, and escapes that are not UTF-8";
}

/** Whether the segment is empty, `.` or `..`; `dots`: it holds nothing but dots. */
function isDotsOrNothing(start: number, end: number, dots: boolean): boolean {
  return dots && end - start <= 2;
}

/** What nginx refuses in a query makes the target ambiguous, and so does `#`, at which some readers stop. */
function isQuery(target: string, start: number): boolean {
  for (let position = start; position < target.length; position++) {
    const code = target.charCodeAt(position);
    if (code <= 0x20 || code === 0x23 || code === 0x7f || code > 0xff) return false;
  }
  return true;
}

function decodeOnce(path: string): string | null {
  const bytes = new Uint8Array(path.length);
  let length = 0;
  for (let position = 0; position < path.length; position++) {
    const code = path.charCodeAt(position);
    const byte = code === 0x25 ? hexByte(path, position) : code;
    bytes[length++] = byte;
    if (code === 0x25) position += 2;
  }
  try {
    return strictUtf8.decode(bytes.subarray(0, length));
  } catch {
    return null;
  }
}

/** The byte of the escape at `position`; -1: malformed. */
function hexByte(text: string, position: number): number {
  const front = hexDigit(text.charCodeAt(position + 1));
  const back = hexDigit(text.charCodeAt(position + 2));
  return front === -1 || back === -1 ? -1 : front * 16 + back;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

function bytesWith(ambiguous: string, rest: number): Uint8Array {
  const kinds = new Uint8Array(256).fill(rest);
  kinds.fill(refused, 0, 0x20);
  kinds.fill(high, 0x80, 0x100);
  kinds[0x2f] = slash;
  kinds[0x2e] = dot;
  kinds[0x25] = percent;
  for (const character of ambiguous) kinds[character.charCodeAt(0)] = refused;
  return kinds;
}
