/** Without indentation and without lines that are comments: they cost every visitor. */
export function packed(text: string): string {
  return text.replace(/^\s+|\s+$/gm, "").replace(/^(?:\/\/.*|\/\*.*\*\/)\n/gm, "");
}

/** How a policy names a style or a script that stands in the page (CSP Level 3, 2.3.1). */
export function hashSource(text: string): string {
  return `'sha256-${new Bun.CryptoHasher("sha256").update(text).digest("base64")}'`;
}
