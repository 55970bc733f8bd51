/** What targets are put together from: what browsers send, and what parsers disagree about. */
// biome-ignore format: a list to be read as one
const plainPieces = [
  "a", "admin", "robots.txt", "index.html", ".well-known", "..a", "...", "a.b", "~u", "a-b_c", "a+b", "(x)", "@",
  "a=1", "a&b", "{x}", "[x]", "|", '"', "'", "<x>", "`", "^", "$uri", "!", "*", ",", ":", "%41", "%61dmin", "%7E",
  "%2e%2ehtml", "a%2Eb", "%20", "a%20b", "%2B", "%2b", "%22", "%3C", "%C3%A9", "%c3%a9", "\xc3\xa9", "%E2%82%AC",
  "\xe2\x82\xac", "%F0%9F%98%80", "%EF%BB%BF",
];

// biome-ignore format: a list to be read as one
const nastyPieces = [
  "", ".", "..", "%2e", "%2E%2e", ".%2e", "%2f", "%2F..", "\\", "%5c", "..\\x", ";", ";x=1", "%3b", "..;", "#",
  "%23", "%3f", "%3F.css", "%25", "%252e", "%2561", "%00", "%0a", "%0d%0a", "%09", "%7f", "%1f", "%", "%2", "%zz",
  "%u0061", "%c0%ae", "%e0%80%af", "%ff", "%ed%a0%80", "%f8%88%80%80%80", "%C3", "\xe9", "\x80", " ", "\t", "\x00",
  "\x01", "\x7f", "a b", "%C3\xa9", "\xc3%A9", "%C2%85", ". ", "..%20", ".%00.",
];

const queries = [
  "",
  "",
  "",
  "?",
  "?a=1",
  "?/../b",
  "?a?b",
  "?%00",
  "?%zz",
  "?\xe9",
  "?a;b\\c",
  "?a b",
  "?a#b",
  "?\x01",
  "?\x7f",
  "#f",
  "#?a",
];
const fronts = [
  "",
  "",
  "",
  "",
  "",
  "",
  "",
  "/",
  "//",
  "http://a",
  "http://a.test",
  "a",
  "*",
  "\\",
  "%2f",
  "./",
  " ",
  "?",
];

/**
 * Raw request targets as byte strings (one character is one byte), the same ones for the same seed.
 * About half are what browsers send; none holds CR or LF, which would end the request line, so that
 * each can be sent to a server as it is.
 */
export function generateTargets(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => (random() < 0.5 ? plainTarget(random) : nastyTarget(random)));
}

function plainTarget(random: () => number): string {
  const segments = Array.from({ length: Math.floor(random() * 4) }, () => pick(plainPieces, random));
  const end = segments.length > 0 && random() < 0.3 ? "/" : "";
  return `/${segments.join("/")}${end}${random() < 0.2 ? "?a=1&b=%20" : ""}`;
}

function nastyTarget(random: () => number): string {
  const segments = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
    const piece = pick(random() < 0.5 ? plainPieces : nastyPieces, random);
    return random() < 0.2 ? piece + pick(random() < 0.3 ? plainPieces : nastyPieces, random) : piece;
  });
  if (random() < 0.15) segments.push(anyBytes(random));
  return `${pick(fronts, random)}/${segments.join("/")}${pick(queries, random)}`;
}

function anyBytes(random: () => number): string {
  return Array.from({ length: 1 + Math.floor(random() * 6) }, () => String.fromCharCode(Math.floor(random() * 256)))
    .join("")
    .replace(/[\r\n]/g, "");
}

function pick(from: readonly string[], random: () => number): string {
  return from[Math.floor(random() * from.length)] ?? "";
}

/** Mulberry32: numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
