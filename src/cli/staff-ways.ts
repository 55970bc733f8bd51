import type { ConfigKey } from "../config/keys.ts";
import type { StaffConfig } from "../config/staff.ts";
import type { Standing } from "../gate/standing.ts";

/** The settings by which somebody can be of one standing. */
type Ways = Readonly<Record<Standing, readonly ConfigKey[]>>;

const all: Ways = {
  staff: ["staff_probe", "jwt_staff", "staff_claim"],
  superuser: ["superuser_probe", "jwt_superuser", "superuser_claim"],
};

/** Those that are set. */
export function staffWays({ claims, tokens, probe }: StaffConfig): Ways {
  const isSet = {
    staff: [(probe?.staffUrl ?? "") !== "", (tokens?.staff ?? null) !== null, claims.staff !== null],
    superuser: [(probe?.superuserUrl ?? "") !== "", (tokens?.superuser ?? null) !== null, claims.superuser !== null],
  };
  return {
    staff: all.staff.filter((_, index) => isSet.staff[index]),
    superuser: all.superuser.filter((_, index) => isSet.superuser[index]),
  };
}

/** Says that nobody is of a standing; null: somebody can be. */
export function nobodyIs(standing: Standing, staff: StaffConfig): string | null {
  if (staffWays(staff)[standing].length > 0) return null;
  const [one, two, three] = all[standing];
  return `no setting makes anybody ${standing}: ${one}, ${two} and ${three} are not set`;
}

/** Who gets into closed sites as staff, and by which settings; null: nobody is known as staff. */
export function describeStaffEntry(staff: StaffConfig): string | null {
  const { staff: ways, superuser } = staffWays(staff);
  if (ways.length + superuser.length === 0) return null;
  if (!staff.blockStaff) return `staff get in by ${[...ways, ...superuser].join(", ")}`;
  const others =
    superuser.length === 0
      ? "no setting makes anybody superuser, who would get in"
      : `superusers get in by ${superuser.join(", ")}`;
  return `staff wait outside by block_staff; ${others}`;
}
