import { parseIpAddress } from "../gate/ip-address.ts";

/** Who may ask now. */
export interface ProbeTurns {
  /** `full`: so many have just asked that nobody else can be remembered. */
  take(address: string | null): "taken" | "too-soon" | "full";
}

const everyMs = 1_000;
/** Of addresses that have asked within a second. */
const mostRemembered = 4_096;

/** One turn a second for each address; of IPv6 for each network of a customer (/64), of which a visitor has all. */
export function createProbeTurns(now: () => number): ProbeTurns {
  /** When each had its turn, the first to be forgotten first. */
  const taken = new Map<string, number>();
  return {
    take(address) {
      const at = now();
      for (const [who, since] of taken) {
        if (isRecent(since, at)) break;
        taken.delete(who);
      }
      const who = address === null ? "" : placeOf(address);
      const since = taken.get(who);
      if (since !== undefined && isRecent(since, at)) return "too-soon";
      taken.delete(who);
      if (taken.size >= mostRemembered) return "full";
      taken.set(who, at);
      return "taken";
    },
  };
}

/** A clock that was set back makes nobody wait for it. */
function isRecent(since: number, at: number): boolean {
  return since <= at && at - since < everyMs;
}

function placeOf(text: string): string {
  const address = parseIpAddress(text);
  return address?.family === 6 ? `${address.bits >> 64n}` : text;
}
