import type { Problem } from "./problem.ts";

/** What XML 1.0 cannot hold even when it is escaped (2.2), and what is markup. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const special = /[&<>\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** A problem as XML in the form of RFC 9457, appendix B; members that are null are left out. */
export function problemXml(problem: Problem): string {
  const members = Object.entries(problem).flatMap(([name, value]) =>
    value === null ? [] : [`  <${name}>${escaped(String(value))}</${name}>\n`],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<problem xmlns="urn:ietf:rfc:7807">\n${members.join("")}</problem>\n`;
}

function escaped(text: string): string {
  return text.toWellFormed().replace(special, (character) => escapes[character] ?? "\uFFFD");
}
