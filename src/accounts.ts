import { readFileSync } from "node:fs";
import { LullError } from "./gate/error.ts";

/** The number of a group of this machine, given by name or number. Throws LullError when there is none. */
export function groupId(group: string): number {
  if (/^\d+$/.test(group)) return Number(group);
  const entry = entries("/etc/group").find(([name]) => name === group);
  const id = Number(entry?.[2] ?? Number.NaN);
  if (Number.isInteger(id)) return id;
  throw new LullError(
    "usage",
    `this machine has no group "${group}"; make it (groupadd --system ${group}), or correct socket_group or database_group`,
  );
}

/** The name of a user id; the id itself where it has none, as in many containers. null: a system without user ids. */
export function userName(userId: number | null): string {
  if (userId === null) return process.env["USERNAME"] ?? "unknown";
  return entries("/etc/passwd").find((fields) => fields[2] === String(userId))?.[0] ?? String(userId);
}

/** Lines of a file in the form of passwd(5), as fields. */
function entries(file: string): readonly (readonly string[])[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.split(":"));
  } catch {
    return [];
  }
}
