import { plainText } from "./plain-text.ts";

/** Where there is nothing but to read. */
export function methodNotAllowed(): Response {
  const refused = plainText(405, "only GET and HEAD");
  refused.headers.set("Allow", "GET, HEAD");
  return refused;
}
