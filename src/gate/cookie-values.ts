/** Of white space before a cookie; browsers send one space. */
const longestGap = 8;
/** Of one name. Browsers send one; whoever sends more gets no more work done. */
const mostCookies = 2;
/** Where the name stands, be it as a name or within another name or a value. */
const mostPlaces = 8;

/**
 * The values of a cookie by its exact name (RFC 6265, 5.4) in the header `Cookie`, the first few, without those that
 * are longer than what is looked for.
 */
export function cookieValues(header: string, name: string, longestValue: number): readonly string[] {
  const values: string[] = [];
  const start = `${name}=`;
  let at = -1;
  for (let place = 0; place < mostPlaces && values.length < mostCookies; place++) {
    at = header.indexOf(start, at + 1);
    if (at === -1) break;
    if (!beginsCookie(header, at)) continue;
    const end = header.indexOf(";", at);
    const value = header.slice(at + start.length, end === -1 ? undefined : end).trim();
    if (value.length <= longestValue) values.push(value);
  }
  return values;
}

/** Whether nothing but white space stands between this place and the semicolon before it. */
function beginsCookie(header: string, at: number): boolean {
  for (let place = at - 1; place >= at - longestGap; place--) {
    const character = header.charAt(place);
    if (character === ";" || place < 0) return true;
    if (character !== " " && character !== "\t") return false;
  }
  return false;
}
