import { applyEdits } from "./edits.ts";
import { textRanges } from "./text-ranges.ts";

/** Stands for every character of a template's tags within tags, styles and scripts. A noncharacter of Unicode, so that no page holds it by itself. */
export const maskCharacter = "\ufdd0";

/** Inside a tag, what may hold `%>` without ending it, and the end: as Eta reads it. */
const tagPart =
  /'(?:\\[\s\S]|[^\n\r'\\])*'|"(?:\\[\s\S]|[^\n\r"\\])*"|`(?:\\[\s\S]|\$\{(?:[^{}]|\{[^{}]*\})*\}|(?!\$\{)[^\\`])*`|\/\*[\s\S]*?\*\/|%>/g;

/**
 * The text with all of Eta's tags (`<% %>`) made unreadable for parsers of HTML and CSS. Of the same length, so that
 * offsets in it are offsets in the text. Between tags there is space in their place: text would end the head.
 */
export function maskTemplate(text: string): string {
  const masked = maskTags(text);
  const edits = textRanges(masked).map(({ start, end }) => {
    return { start, end, text: masked.slice(start, end).replaceAll(maskCharacter, " ") };
  });
  return applyEdits(masked, edits);
}

function maskTags(text: string): string {
  const pieces: string[] = [];
  let position = 0;
  for (let start = text.indexOf("<%"); start >= 0; start = text.indexOf("<%", position)) {
    const end = endOfTag(text, start + 2);
    pieces.push(text.slice(position, start), maskCharacter.repeat(end - start));
    position = end;
  }
  return pieces.join("") + text.slice(position);
}

/** Of a tag that nobody closes: the end of the text. */
function endOfTag(text: string, from: number): number {
  const parts = new RegExp(tagPart);
  parts.lastIndex = from;
  for (let part = parts.exec(text); part !== null; part = parts.exec(text)) {
    if (part[0] === "%>") return parts.lastIndex;
  }
  return text.length;
}
