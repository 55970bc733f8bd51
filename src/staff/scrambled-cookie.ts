import { randomBytes } from "node:crypto";

/** What stands in for each other, so that what looks like a session still looks like one. */
const kinds = ["0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ"];

/**
 * The cookies by the same names, with every letter and digit of their values another one by chance: nobody's. Signs,
 * escapes (`%3D`) and empty values stay, so that who sends nonsense on purpose is compared with the same nonsense.
 * null: no value has a letter or digit.
 */
export function scrambledCookie(header: string): string | null {
  const chance = randomBytes(header.length);
  const scrambled = header.replace(/(=)([^;]*)/g, (_, sign: string, value: string, at: number) => {
    return sign + value.replace(/%[\da-f]{2}|[\da-z]/gi, (text, inValue: number) => other(text, chance[at + inValue]));
  });
  return scrambled === header ? null : scrambled;
}

function other(text: string, chance = 0): string {
  const kind = kinds.find((letters) => letters.includes(text));
  if (kind === undefined) return text;
  const step = 1 + (chance % (kind.length - 1));
  return kind.charAt((kind.indexOf(text) + step) % kind.length);
}
