/** Rows in columns for people, headings first. Control characters in cells are taken out, so that no row can rewrite the terminal. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, column) => Math.max(...all.map((row) => Bun.stringWidth(row[column] ?? ""))));
  return all.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - Bun.stringWidth(cell)))
      .join("  ")
      .trimEnd(),
  );
}

/** Text of unknown origin on one line of a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
