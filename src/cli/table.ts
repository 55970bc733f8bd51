import { printable } from "./printable.ts";

/** Rows in columns for people, headings first. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return columns([headings, ...rows]);
}

/** Rows in columns, as wide as a terminal shows them; the last one is not filled up. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const all = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of all) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, Bun.stringWidth(cell));
    });
  }
  return all.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - Bun.stringWidth(cell)))
      .join("  ")
      .trimEnd(),
  );
}
