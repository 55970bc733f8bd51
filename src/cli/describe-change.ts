import { instantMembers } from "./instant-members.ts";
import { localTime } from "./local-time.ts";

/** Members by which a row is known. */
const identity: ReadonlySet<string> = new Set(["id", "recurrenceId", "wall"]);

/** A row before and after, as the audit keeps them: `id: 3, end: none -> 2026-11-20 11:00 CET`; a row that came or went, whole. */
export function describeChange(
  { before, after }: { readonly before: unknown; readonly after: unknown },
  timezone: string,
): string {
  const [old, young] = [membersOf(before), membersOf(after)];
  const show = (name: string, value: unknown) => shown(name, value, timezone);
  if (before === null || after === null) {
    const members = Object.entries(before === null ? young : old).filter(([, value]) => !isEmpty(value));
    return members.map(([name, value]) => `${name}: ${show(name, value)}`).join(", ");
  }
  return [...new Set([...Object.keys(old), ...Object.keys(young)])]
    .flatMap((name) => {
      const [from, to] = [old[name], young[name]];
      if (JSON.stringify(from) !== JSON.stringify(to)) return `${name}: ${show(name, from)} -> ${show(name, to)}`;
      return identity.has(name) && !isEmpty(to) ? `${name}: ${show(name, to)}` : [];
    })
    .join(", ");
}

function shown(name: string, value: unknown, timezone: string): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "number" && instantMembers.has(name)) return localTime(value, timezone);
  return JSON.stringify(value);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function membersOf(row: unknown): Record<string, unknown> {
  return typeof row === "object" && row !== null ? { ...row } : {};
}
