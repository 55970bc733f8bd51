export interface SrcsetCandidate {
  readonly url: string;
  /** `2x`, `480w`, or empty. */
  readonly descriptor: string;
}

/** The images that `srcset` offers (HTML, 4.8.4.2.3 "parse a srcset attribute"). */
export function parseSrcset(text: string): readonly SrcsetCandidate[] {
  const candidates: SrcsetCandidate[] = [];
  // An address may hold commas, and ends at a space or, where nothing describes it, at a comma that a space follows.
  const address = /[\s,]*(\S+)/y;
  const described = /(?:[^(),]|\([^)]*\)?|\))*/y;
  for (let match = address.exec(text); match !== null; match = address.exec(text)) {
    const [, written = ""] = match;
    const url = written.replace(/,+$/, "");
    let descriptor = "";
    if (url === written) {
      described.lastIndex = address.lastIndex;
      descriptor = described.exec(text)?.[0].trim() ?? "";
      address.lastIndex = described.lastIndex;
    }
    if (url !== "") candidates.push({ url, descriptor });
  }
  return candidates;
}

export function formatSrcset(candidates: readonly SrcsetCandidate[]): string {
  return candidates.map(({ url, descriptor }) => (descriptor === "" ? url : `${url} ${descriptor}`)).join(", ");
}
