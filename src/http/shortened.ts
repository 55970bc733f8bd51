const most = 500;

/** What strangers get of a text: 500 characters at the most, the last an ellipsis where there are more. Never half a character. */
export function shortened(text: string): string {
  if (text.length <= most) return text;
  let end = 0;
  for (let characters = 1; characters < most; characters++) end = after(text, end);
  return after(text, end) >= text.length ? text : `${text.slice(0, end)}…`;
}

function after(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) < 0x1_0000 ? 1 : 2);
}
