import { plainText } from "./plain-text.ts";

/** Where there is nothing but to read, unless told otherwise. */
export function methodNotAllowed(methods: readonly [string, ...string[]] = ["GET", "HEAD"]): Response {
  const refused = plainText(405, `only ${methods.slice(0, -1).join(", ")} and ${methods.at(-1)}`);
  refused.headers.set("Allow", methods.join(", "));
  return refused;
}
