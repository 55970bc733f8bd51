import { type StaffAnswer, staffWords } from "../answer/staff-words.ts";
import { type Bypass, type BypassSeal, bypassOf, sealBypass } from "../gate/bypass.ts";
import { LullError } from "../gate/error.ts";
import { canonicalPathOf } from "../gate/path.ts";
import type { Site } from "../gate/site.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { staffEntryMs, staffEntryOf } from "../gate/staff-entry.ts";
import { letsIn, type Standing } from "../gate/standing.ts";
import type { Visit } from "../gate/visit.ts";
import type { StaffProbe } from "../staff/probe.ts";
import { entry, entryPage, maxAge, secureCookie } from "./entry-response.ts";
import { methodNotAllowed } from "./method-not-allowed.ts";
import { notFound } from "./plain-text.ts";
import type { Sidecar } from "./sidecar.ts";

/** A look at the page for staff, or a click on its button. */
export interface StaffRequest {
  readonly visit: Visit;
  readonly probe: StaffProbe;
  /** As it was asked for: its query may say where to go on (`?to=/shop`). */
  readonly target: string | null;
  /** `X-Forwarded-Proto`; null: the proxy does not say. */
  readonly scheme: string | null;
  /** null: there is none yet. */
  readonly snapshot: Snapshot | null;
  /** null: the host is nobody's, or cannot be read. */
  readonly site: Site | null;
}

/** What a page says, and when it is worth asking again. */
const told = {
  ask: { status: 200, retryAfterSeconds: null },
  nobody: { status: 403, retryAfterSeconds: null },
  blocked: { status: 403, retryAfterSeconds: null },
  insecure: { status: 400, retryAfterSeconds: null },
  "too-soon": { status: 429, retryAfterSeconds: 1 },
  busy: { status: 503, retryAfterSeconds: 1 },
  unclear: { status: 503, retryAfterSeconds: 10 },
  unavailable: { status: 503, retryAfterSeconds: 60 },
} as const;

/** How long a snapshot with what has just been written is waited for. */
const placedWithinMs = 1_000;
const lookEveryMs = 5;

/**
 * `/.lull/staff`: who is staff by the word of the application gets a short bypass in exchange. Only the POST of the
 * button asks; no check ever does.
 */
export async function staffRoute(sidecar: Sidecar, request: StaffRequest): Promise<Response> {
  const { visit, probe, target, scheme, snapshot, site } = request;
  const { method, host, credentials } = visit;
  const tell = (kind: StaffAnswer["kind"]) => page(sidecar, { kind }, site?.name ?? "");
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return methodNotAllowed(["GET", "HEAD", "POST"]);
  if (snapshot === null) return tell("unavailable");
  if (site === null || host === null) return notFound();
  if (scheme !== "https") return tell("insecure");
  if (method !== "POST") return tell("ask");
  // Whoever has a link is in already, and for longer: its cookie is not replaced by a shorter one.
  const held = bypassOf(
    snapshot.bypasses,
    { ...credentials, token: null },
    { siteId: site.id, host, now: sidecar.now() },
  );
  if (held !== null && held.standing === null) return entry(pathToGoOn(target), null);
  const { address } = visit.client;
  const outcome = await probe.ask({ host, cookie: credentials.cookie, address });
  switch (outcome.kind) {
    case "too-soon":
    case "busy":
      return tell(outcome.kind);
    case "nobody": {
      const { fault, status } = outcome;
      if (fault === null) logNotKnown(sidecar, probe, { site: site.id, address, status });
      else logFault(sidecar, probe, { site: site.id, fault });
      return tell(fault === null ? "nobody" : "unclear");
    }
    case "standing": {
      const { standing, fault } = outcome;
      if (fault !== null) logFault(sidecar, probe, { site: site.id, fault });
      if (!letsIn(standing, (sidecar.serving.snapshot ?? snapshot).policy)) return tell("blocked");
      const cookie = await exchange(sidecar, standing, { siteId: site.id, host });
      if (cookie === null) return tell("unavailable");
      sidecar.log.info("staff-entered", { site: site.id, standing, address });
      return entry(pathToGoOn(target), cookie);
    }
  }
}

interface NotKnown {
  readonly site: number;
  readonly address: string | null;
  /** null: there was no cookie, so that nobody was asked. */
  readonly status: number | null;
}

function logNotKnown({ log }: Sidecar, { strangers }: StaffProbe, facts: NotKnown): void {
  const { site, address, status } = facts;
  if (status !== null) {
    log.info("staff-not-known", { ...facts, why: `the application answers ${status}` });
  } else if (strangers.isNews(`${site} ${address}`)) {
    log.info("staff-not-known", { ...facts, why: "no cookie", leftOut: strangers.takeLeftOut() });
  }
}

function logFault({ log }: Sidecar, { faults }: StaffProbe, facts: { readonly site: number; readonly fault: string }) {
  if (faults.isNews(facts.fault)) log.warn("staff-probe-fault", facts);
}

/** A path of this very site, which has one reading and no query; whatever else is asked for is its start. */
function pathToGoOn(target: string | null): string {
  const query = target?.indexOf("?") ?? -1;
  const path = query === -1 ? null : new URLSearchParams(target?.slice(query)).get("to");
  try {
    return path === null ? "/" : canonicalPathOf(path);
  } catch {
    return "/";
  }
}

/** The cookie that lets in; null: there is none to be had now. */
async function exchange(
  sidecar: Sidecar,
  standing: Standing,
  place: Omit<BypassSeal, "expires">,
): Promise<string | null> {
  const signing = signingFor(sidecar, standing) ?? (await admit(sidecar, standing));
  if (signing === null) return null;
  const now = sidecar.now();
  const expires = now + staffEntryMs;
  const sealed = sealBypass(signing.bypasses, signing.bypass, { ...place, expires });
  return sealed === null ? null : secureCookie(sealed, maxAge(expires, now));
}

interface Signing extends Pick<Snapshot, "bypasses"> {
  readonly bypass: Bypass;
}

/** By the snapshot that checks are answered from: what it does not have lets nobody in. */
function signingFor({ serving, now }: Sidecar, standing: Standing): Signing | null {
  const bypasses = serving.snapshot?.bypasses;
  if (bypasses === undefined || bypasses.newest === null) return null;
  const bypass = staffEntryOf(bypasses.byId.values(), standing, now());
  return bypass === null ? null : { bypasses, bypass };
}

/** Has one made, and waits until checks know it. */
async function admit(sidecar: Sidecar, standing: Standing): Promise<Signing | null> {
  try {
    await sidecar.admitStaff(standing);
  } catch (error) {
    if (error instanceof LullError) sidecar.log.warn("staff-not-admitted", { standing, fault: error.message });
    else sidecar.log.error("bug", { where: "admit staff", error });
    return null;
  }
  for (let waitedMs = 0; waitedMs < placedWithinMs; waitedMs += lookEveryMs) {
    const signing = signingFor(sidecar, standing);
    if (signing !== null) return signing;
    await Bun.sleep(lookEveryMs);
  }
  sidecar.log.warn("staff-not-admitted", { standing, fault: "the new snapshot is late" });
  return null;
}

function page(sidecar: Sidecar, answer: StaffAnswer, siteName: string): Response {
  return entryPage(sidecar, staffWords(answer, sidecar.settings.loginUrl), { ...told[answer.kind], siteName });
}
