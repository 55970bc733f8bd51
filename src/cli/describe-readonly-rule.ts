import type { ReadonlyRule } from "../gate/readonly-rule.ts";

/** A rule of read-only sites in words. */
export function describeReadonlyRule({ effect, method, path, siteId }: ReadonlyRule): string {
  return `${method} ${path} is ${effect} on ${siteId === null ? "all sites" : `site ${siteId}`}`;
}
