const fallbackMost = 100;

/** An address in a message: quoted, on one line, and not longer than anybody reads. */
export function quoted(url: string, most = fallbackMost): string {
  const text = url.toWellFormed();
  return JSON.stringify(text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text);
}

/** Characters of an address that a template makes: tags are long. */
export const mostOfComputed = 60;
