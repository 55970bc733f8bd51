import { LullError } from "./error.ts";
import { canonicalPathOf } from "./path.ts";
import type { Visit } from "./visit.ts";

/** What a read-only site takes for safe, or for unsafe, beside what the method says. */
export interface ReadonlyRule {
  readonly id: number;
  /** null: all sites. */
  readonly siteId: number | null;
  readonly effect: "safe" | "unsafe";
  /** As visits send it: methods are case-sensitive. */
  readonly method: string;
  /** Canonical; covers itself and what is below it. */
  readonly path: string;
}

/** A token of RFC 9110, 5.6.2. */
const methodToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

/**
 * The rule that is written `POST /search`. Throws LullError for what no visit can match, and for what would change
 * nothing.
 */
export function parseReadonlyRule(
  effect: ReadonlyRule["effect"],
  text: string,
): Pick<ReadonlyRule, "effect" | "method" | "path"> {
  const [, word = "", target = ""] = /^(\S+)\s+(\S.*)$/.exec(text.trim()) ?? [];
  if (!methodToken.test(word) || !target.startsWith("/")) {
    throw new LullError("usage", `"${text}" is not a method and a path; write them as in "POST /search"`);
  }
  const method = word.toUpperCase();
  const path = canonicalPathOf(target);
  if (effect === "safe" && isSafeMethod(method)) {
    throw new LullError(
      "refused",
      `"${text}" is safe unless an unsafe rule covers it, and that would win over this one`,
    );
  }
  return { effect, method, path: path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path };
}

/** The methods that ask for nothing to be changed (RFC 9110, 9.2.1; without TRACE). */
export function isSafeMethod(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/**
 * Whether a read-only site lets the visit pass. A rule `unsafe` wins over `safe`, and one of GET is one of HEAD, because
 * applications do the same for both. What cannot be read is not known to be safe, and a path with more than one reading
 * may be any that is unsafe.
 */
export function isSafeVisit(visit: Visit, rules: readonly (readonly ReadonlyRule[])[]): boolean {
  if (visit.fault !== null) return false;
  const { method, path } = visit;
  let isListed = false;
  for (const list of rules) {
    for (const rule of list) {
      if (rule.effect === "unsafe") {
        const isMeant = rule.method === method || (rule.method === "GET" && method === "HEAD");
        if (isMeant && (path === null || covers(rule.path, path))) return false;
      } else if (rule.method === method && path !== null && covers(rule.path, path)) isListed = true;
    }
  }
  return isListed || isSafeMethod(method);
}

function covers(prefix: string, path: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || prefix === "/" || path[prefix.length] === "/");
}
