import type { Held } from "./page-context.ts";

const apology = "Sorry, the service is temporarily down for maintenance";

/**
 * A held visit as an RFC 9457 problem. The four members of the second half, and their values, are
 * django-maintenancemode-2's: its clients go on working.
 */
export function problem(held: Held): string {
  return JSON.stringify({
    type: "about:blank",
    title: "Service Unavailable",
    status: 503,
    detail: held.message === "" ? apology : held.message,
    ...(held.path === "" ? {} : { instance: encodeURI(held.path.toWellFormed()) }),
    retryAfter: held.retryAfterSeconds,
    code: 503,
    error: "temporarily_unavailable",
    reason: "maintenance",
    error_description: apology,
  });
}
