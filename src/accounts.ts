import { readFileSync } from "node:fs";
import { LullError } from "./gate/error.ts";

/** The number of a group of this machine, given by name or number. Throws LullError when there is none. */
export function groupId(group: string): number {
  if (/^\d+$/.test(group)) return Number(group);
  const entry = entriesOf("/etc/group").find(([name]) => name === group);
  const id = Number(entry?.[2] ?? Number.NaN);
  if (Number.isInteger(id)) return id;
  throw new LullError(
    "usage",
    `this machine has no group "${group}"; make it (groupadd --system ${group}), or correct socket_group or database_group`,
  );
}

/** Whose process this is. */
export interface ProcessOwner {
  /** null: the system has no user ids. */
  readonly userId: number | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A name for the audit, which is information, never permission: who called sudo, else the user, else the user's number. */
export function actorName({ userId, environment }: ProcessOwner): string {
  const caller = userId === 0 || userId === null ? environment["SUDO_USER"] : undefined;
  const entry = userId === null ? undefined : entriesOf("/etc/passwd").find((fields) => fields[2] === String(userId));
  // Users of a directory service are not in the file, and in containers many numbers are nobody's.
  const names = [caller, entry?.[0], environment["USER"], environment["USERNAME"]];
  return names.find((name) => name !== undefined && name !== "") ?? (userId === null ? "unknown" : String(userId));
}

/** Lines of a file in the form of passwd(5), as fields. */
function entriesOf(file: string): readonly (readonly string[])[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.split(":"));
  } catch {
    return [];
  }
}
