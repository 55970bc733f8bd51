import type { ArgsDef } from "citty";

/** The option of commands that read no wall time, and show times. `clockOf` reads it. */
export const shownZoneArgs: ArgsDef = {
  tz: {
    type: "string",
    valueHint: "ZONE",
    description: "IANA zone in which times are shown (default: the configured one)",
  },
};
