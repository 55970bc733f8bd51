import type { ProbeSettings } from "../../src/config/staff.ts";
import { createStaffProbe, type ProbedVisitor, type ProbeOutcome } from "../../src/staff/probe.ts";
import { type RawAnswer, startRawApplication } from "./raw-application.ts";

export const start = Date.UTC(2026, 10, 20, 9);
export const isStaff: ProbeOutcome = { kind: "standing", standing: "staff", fault: null };
const cookie = "who=staff";
let visitors = 0;

/** Each from an address of its own unless told. */
export function visitor(change: Partial<ProbedVisitor> = {}): ProbedVisitor {
  visitors++;
  return { host: "one.test", cookie, address: `10.0.${visitors >> 8}.${visitors & 255}`, ...change };
}

/** A probe of an application that says what it likes, by a clock that stands still until it is moved. */
export function scene(answer: RawAnswer, settings: Partial<ProbeSettings> = {}) {
  const application = startRawApplication(answer);
  const clock = { elapsedMs: 0 };
  const url = `${application.origin}/admin/?a=b`;
  /** As a log may have it. */
  const place = `${application.origin}/admin/`;
  const all = { staffUrl: url, superuserUrl: "", headers: [], ...settings };
  const probe = createStaffProbe(all, () => start + clock.elapsedMs);
  const dispose = () => application[Symbol.asyncDispose]();
  return { ...application, url, place, probe, clock, [Symbol.asyncDispose]: dispose };
}

export const withCookie = (requests: readonly string[]) => requests.filter((request) => /^cookie:/im.test(request));
/** Of who is staff. */
export const own = (requests: readonly string[]) => withCookie(requests).filter((one) => one.includes("who=staff"));
export const scrambled = (requests: readonly string[]) =>
  withCookie(requests).filter((one) => !one.includes("who=staff"));
export const nobodys = (requests: readonly string[]) => requests.filter((request) => !/^cookie:/im.test(request));
