const most = 100;

/** An address in a message: quoted, on one line, and not longer than anybody reads. */
export function quoted(url: string): string {
  const text = url.toWellFormed();
  return JSON.stringify(text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text);
}
