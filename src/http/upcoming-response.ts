import { iso } from "./iso.ts";
import { type AskedSite, upcomingOn, upcomingPeriod } from "./upcoming.ts";
import { keptBody, type MadeBody } from "./upcoming-bodies.ts";

/** Of answers that tell what is planned: a minute late, and older only while nobody answers (RFC 5861). */
export const upcomingHeaders = {
  "Cache-Control": "max-age=60, stale-if-error=600",
  "X-Content-Type-Options": "nosniff",
} as const;

const headers = { ...upcomingHeaders, "Content-Type": "application/json;charset=utf-8" };

const mostPeriods = 20;

/** `/.lull/upcoming.json`. Pages set their clocks by `now`: it alone is always of this moment. */
export function upcomingResponse(asked: AskedSite): Response {
  const beginning = `{"schemaVersion":1,"now":"${iso(asked.now)}",`;
  const rest = keptBody(asked, "json", () => restOf(asked));
  return new Response(new Blob([beginning, rest]), { headers });
}

/** Without the brace at its beginning. */
function restOf(asked: AskedSite): MadeBody {
  const { periods, truncated } = upcomingOn(asked, mostPeriods);
  const body = {
    noticeLeadSeconds: asked.snapshot.policy.noticeLeadMs / 1000,
    periods: periods.map((period) => upcomingPeriod(period, asked.now)),
    truncated,
  };
  return { text: JSON.stringify(body).slice(1), periods };
}
