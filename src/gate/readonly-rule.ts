import { LullError } from "./error.ts";
import { knownMethods } from "./method.ts";
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

/** What people write who mean every method. */
const everyMethod: ReadonlySet<string> = new Set(["*", "ALL", "ANY"]);

/** Of some names the one that a mistyped one probably means; null: none is near. */
type FindNearest = (name: string, candidates: readonly string[]) => string | null;

/**
 * The rule that is written `POST /search`. Throws LullError for what no visit can match, and for what would change
 * nothing. `findNearest` finds the method that a mistyped one means.
 */
export function parseReadonlyRule(
  effect: ReadonlyRule["effect"],
  text: string,
  findNearest: FindNearest = () => null,
): Pick<ReadonlyRule, "effect" | "method" | "path"> {
  const [, word = "", target = ""] = /^(\S+)\s+(\S.*)$/.exec(text.trim()) ?? [];
  if (!methodToken.test(word) || !target.startsWith("/")) {
    throw new LullError("usage", `"${text}" is not a method and a path; write them as in "POST /search"`);
  }
  const method = word.toUpperCase();
  refuseNoMethod(method, text, findNearest);
  const path = canonicalPathOf(target);
  if (effect === "safe" && isSafeMethod(method)) {
    throw new LullError(
      "refused",
      `"${text}" is safe unless an unsafe rule covers it, and that would win over this one`,
    );
  }
  return { effect, method, path: path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path };
}

/** A rule of what is no method would never match, and nobody would hear of it. */
function refuseNoMethod(method: string, text: string, findNearest: FindNearest): void {
  if (everyMethod.has(method)) {
    throw new LullError("usage", `"${text}": a rule is for one method; write one rule for each method`);
  }
  if (knownMethods.includes(method)) return;
  const nearest = findNearest(method, knownMethods);
  const advice = nearest === null ? "write one such as GET, POST, PUT, PATCH or DELETE" : `did you mean ${nearest}?`;
  throw new LullError("usage", `"${text}": ${method} is no method of HTTP; ${advice}`);
}

/** The methods that ask for nothing to be changed (RFC 9110, 9.2.1; without TRACE). */
export function isSafeMethod(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/** Whether a read-only site lets the visit pass. What cannot be read is not known to be safe. */
export function isSafeVisit(visit: Visit, rules: readonly (readonly ReadonlyRule[])[]): boolean {
  if (visit.fault !== null) return false;
  const rule = decidingRule(visit, rules);
  return rule === null ? isSafeMethod(visit.method) : rule.effect === "safe";
}

/**
 * The rule by which a read-only site lets a visit pass or holds it, though its method says so too; null: its method
 * alone decides. A rule `unsafe` wins over `safe`, and one of GET is one of HEAD, because applications do the same for
 * both. A path with more than one reading may be any that is unsafe.
 */
export function decidingRule(
  { method, path }: Visit,
  rules: readonly (readonly ReadonlyRule[])[],
): ReadonlyRule | null {
  let listed: ReadonlyRule | null = null;
  for (const list of rules) {
    for (const rule of list) {
      if (rule.effect === "unsafe") {
        const isMeant = rule.method === method || (rule.method === "GET" && method === "HEAD");
        if (isMeant && (path === null || covers(rule.path, path))) return rule;
      } else if (rule.method === method && path !== null && covers(rule.path, path)) listed ??= rule;
    }
  }
  return listed;
}

function covers(prefix: string, path: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || prefix === "/" || path[prefix.length] === "/");
}
