/** More differences than these are another word. */
const MOST_DIFFERENCES = 3;

/** The candidate that was probably meant by a mistyped name, if one is near; capitals and `-` for `_` do not count. */
export function nearestName(
  name: string,
  candidates: readonly string[],
  mostDifferences = MOST_DIFFERENCES,
): string | null {
  const written = plain(name);
  let nearest: string | null = null;
  let fewest = Math.min(mostDifferences, Math.floor(written.length / 2)) + 1;
  for (const candidate of candidates) {
    const differences = differencesBetween(written, plain(candidate));
    if (differences < fewest) {
      nearest = candidate;
      fewest = differences;
    }
  }
  return nearest;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll("-", "_").slice(0, 64);
}

/** Levenshtein's distance: letters to insert, remove or exchange; two neighbours in the wrong order are one difference. */
function differencesBetween(a: string, b: string): number {
  let twoAbove: readonly number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const here = [row];
    for (let column = 1; column <= b.length; column++) {
      const exchanged = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = isSwapped ? (twoAbove[column - 2] ?? 0) + 1 : exchanged;
      here.push(Math.min(exchanged, swapped, (above[column] ?? 0) + 1, (here[column - 1] ?? 0) + 1));
    }
    twoAbove = above;
    above = here;
  }
  return above[b.length] ?? 0;
}
