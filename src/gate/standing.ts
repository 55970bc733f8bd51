/** What the application holds a visitor for. Who is a superuser is staff as well. */
export type Standing = "staff" | "superuser";

/** A header with a value that makes its visitor staff. */
export interface HeaderClaim {
  /** In small letters. */
  readonly header: string;
  readonly value: string;
}

/** null: no header makes anybody that. */
export interface HeaderClaims {
  readonly staff: HeaderClaim | null;
  readonly superuser: HeaderClaim | null;
}

/** Longer ones are read as if they were not there. */
const longestHeader = 8_192;

/**
 * What headers say of a visitor; whether their sender is believed is not said here. A header is one value, or a list
 * with commas (RFC 9110, 5.6.1) or bars (authentik); values are compared as they are, letter by letter.
 */
export function claimedStanding(
  { staff, superuser }: HeaderClaims,
  header: (name: string) => string | null,
): Standing | null {
  if (superuser !== null && claims(header(superuser.header), superuser.value)) return "superuser";
  return staff !== null && claims(header(staff.header), staff.value) ? "staff" : null;
}

/** The one that means more. */
export function higherStanding(one: Standing | null, other: Standing | null): Standing | null {
  return one === "superuser" || other === null ? one : other;
}

/** Whether it lets into a closed site. Superusers always get in. */
export function letsIn(standing: Standing | null, { blockStaff }: { readonly blockStaff: boolean }): boolean {
  return standing === "superuser" || (standing === "staff" && !blockStaff);
}

function claims(header: string | null, value: string): boolean {
  if (header === null || header.length > longestHeader) return false;
  return header === value || header.split(/[,|]/).some((element) => element.trim() === value);
}
