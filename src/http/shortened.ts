const most = 500;

/** What strangers get of a text: 500 characters at the most, the last an ellipsis where there are more. Never half a character. */
export function shortened(text: string): string {
  if (text.length <= most) return text;
  // A character is two units at the most: what lies behind makes no difference.
  const characters = Array.from(text.slice(0, 2 * most + 1));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
