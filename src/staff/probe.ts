import type { ProbeSettings } from "../config/staff.ts";
import type { Standing } from "../gate/standing.ts";
import { createControlProbes } from "./control-probes.ts";
import { createFaultNews, type FaultNews } from "./fault-news.ts";
import { borneOutByScrambled, type Finding, findingOf } from "./probe-finding.ts";
import { applicationCookie, askApplication, type ProbeRequest, patienceMs } from "./probe-request.ts";
import { createProbeTurns } from "./probe-turns.ts";
import { scrambledCookie } from "./scrambled-cookie.ts";

/** Who asks to be let in as staff. */
export interface ProbedVisitor {
  /** Canonical; sent as Host. */
  readonly host: string;
  /** The whole header Cookie; null: nobody is logged in. */
  readonly cookie: string | null;
  /** null: unknown; all whose address is unknown count as one. */
  readonly address: string | null;
}

export type ProbeOutcome =
  /** `fault`: of the other probe; null: it has none. */
  | { readonly kind: "standing"; readonly standing: Standing; readonly fault: string | null }
  /**
   * Not staff, or the application cannot tell. `fault`: why it cannot, and what to do; null: it has told. `status`: its
   * answer; null: there was none, or, without a fault, it was not asked because the visitor has no cookie of its.
   */
  | { readonly kind: "nobody"; readonly fault: string | null; readonly status: number | null }
  /** This address has just asked. */
  | { readonly kind: "too-soon" }
  /** As many as may be asked for at once are. */
  | { readonly kind: "busy" };

/** Asks the application whether a visitor is staff: beside the checks, never for one. */
export interface StaffProbe {
  /** Of what is wrong. */
  readonly faults: FaultNews;
  /** Of who has no cookie: they take no turn, and must not silence the faults. */
  readonly strangers: FaultNews;
  /** Ends within 2 s; never rejects. */
  ask(visitor: ProbedVisitor): Promise<ProbeOutcome>;
}

/** Requests, those as nobody included: more do not reach the application at once. */
const mostAtOnce = 8;

interface Shown extends Pick<ProbeRequest, "url" | "host"> {
  readonly cookie: string;
}

export function createStaffProbe({ staffUrl, superuserUrl, headers }: ProbeSettings, now: () => number): StaffProbe {
  const turns = createProbeTurns(now);
  const controls = createControlProbes({
    ask: (url, host) => inPlace(() => askApplication({ url, host, cookie: null, headers })),
    now,
  });
  const urls = [superuserUrl, staffUrl].filter((url) => url !== "");
  let underWay = 0;

  /** Of the places, one: for questions that are asked one after the other. */
  async function inPlace<Result>(ask: () => Promise<Result>): Promise<Result> {
    underWay++;
    try {
      return await ask();
    } finally {
      underWay--;
    }
  }

  async function find({ url, host, cookie }: Shown): Promise<Finding> {
    const startedMs = performance.now();
    const request: ProbeRequest = { url, host, cookie, headers };
    const [own, nobodys] = await Promise.all([askApplication(request), controls.answer(url, host)]);
    const finding = findingOf({ url, host, own, nobodys });
    if (finding.kind !== "is") return finding;
    const scrambled = scrambledCookie(cookie);
    if (scrambled === null) return borneOutByScrambled(url, null);
    const leftMs = Math.max(0, startedMs + patienceMs - performance.now());
    return borneOutByScrambled(url, await askApplication({ ...request, cookie: scrambled }, leftMs));
  }

  return {
    faults: createFaultNews(now),
    strangers: createFaultNews(now),
    async ask({ host, cookie, address }) {
      const shown = applicationCookie(cookie);
      if (shown === null) return { kind: "nobody", fault: null, status: null };
      const more = urls.length + urls.filter((url) => controls.mustAsk(url, host)).length;
      if (underWay + more > mostAtOnce) return { kind: "busy" };
      const turn = turns.take(address);
      if (turn !== "taken") return { kind: turn === "full" ? "busy" : "too-soon" };
      const findings = await Promise.all(urls.map((url) => inPlace(() => find({ url, host, cookie: shown }))));
      const found = urls.find((_, index) => findings[index]?.kind === "is");
      if (found === undefined) return nobody(findings);
      return { kind: "standing", standing: found === superuserUrl ? "superuser" : "staff", fault: faultOf(findings) };
    },
  };
}

function faultOf(findings: readonly Finding[]): string | null {
  for (const finding of findings) if (finding.kind === "unknown") return finding.fault;
  return null;
}

function nobody(findings: readonly Finding[]): ProbeOutcome {
  let status: number | null = null;
  for (const finding of findings) {
    if (finding.kind === "unknown") return { kind: "nobody", fault: finding.fault, status: finding.status };
    if (finding.kind === "is-not") status = finding.status;
  }
  return { kind: "nobody", fault: null, status };
}
