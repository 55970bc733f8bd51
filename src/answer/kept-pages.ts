/** The latest pages, so that visitors of the same second share one. */
export interface KeptPages {
  find(key: string): Uint8Array<ArrayBuffer> | null;
  keep(key: string, html: Uint8Array<ArrayBuffer>): void;
}

const mostPages = 64;
const mostBytes = 1_000_000;

/** Holds 64 pages and 1 MB at the most, and lets the oldest go: of a page that counts seconds none is asked for again. */
export function createKeptPages(): KeptPages {
  const pages = new Map<string, Uint8Array<ArrayBuffer>>();
  let bytes = 0;
  return {
    find: (key) => pages.get(key) ?? null,
    keep(key, html) {
      if (html.length > mostBytes || pages.has(key)) return;
      pages.set(key, html);
      bytes += html.length;
      for (const [oldest, { length }] of pages) {
        if (pages.size <= mostPages && bytes <= mostBytes) break;
        pages.delete(oldest);
        bytes -= length;
      }
    },
  };
}
