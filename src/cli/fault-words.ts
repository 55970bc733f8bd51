import type { Site } from "../gate/site.ts";
import type { RecurrenceFault } from "../store/unroller.ts";

/** Why recurrences that should close these sites yield nothing, a line each; `sites` null: all that there are. */
export function faultWords(faults: readonly RecurrenceFault[], sites: readonly Site[] | null): readonly string[] {
  const isMeant = ({ siteId }: RecurrenceFault) =>
    siteId === null || sites === null || sites.some(({ id }) => id === siteId);
  return faults.filter(isMeant).map(({ message }) => message);
}
