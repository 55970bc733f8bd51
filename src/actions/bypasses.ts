import { type Bypass, hashOfToken } from "../gate/bypass.ts";
import { LullError } from "../gate/error.ts";
import { canonicalPathOf } from "../gate/path.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { addBypassKey, randomSecret, signingKey } from "../store/bypass-keys.ts";
import {
  auditedBypass,
  deleteBypass,
  deleteBypassKey,
  deleteExpiredBypasses,
  insertBypass,
  readBypass,
  readOldestKeyInUse,
  selectBypasses,
  selectBypassKeys,
} from "../store/bypasses.ts";
import { type Change, type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { formatDuration } from "../time/duration.ts";
import { requirePresent } from "./find-sites.ts";
import { utc } from "./period-refusals.ts";

/** In characters. */
const longestLabel = 100;
/** Rows that have expired are kept for so long, for a clock that is set back. */
const keepExpiredMs = 24 * 60 * 60 * 1_000;

export interface BypassRequest {
  /** null: one bypass that holds on all sites. */
  readonly sites: readonly Site[] | null;
  readonly expires: InstantMs;
  /** What it is for; may be empty. */
  readonly label: string;
  /** Where who has redeemed it begins, as people type it. */
  readonly path: string;
  readonly isSingleUse: boolean;
  readonly mayBeInsecure: boolean;
  /** One that holds for longer is refused, in milliseconds; null: none is. */
  readonly longestMs: number | null;
}

/** A bypass that has just been made. The token stands in its link, and nowhere else: it is kept as a hash alone. */
export interface CreatedBypass {
  readonly bypass: Bypass;
  readonly token: string;
}

/** Makes a bypass for each site, or one for all. Refuses (LullError) one that has expired or holds for too long, and a path that is none. */
export async function createBypass(
  database: Database,
  context: ChangeContext,
  request: BypassRequest,
): Promise<Changed<readonly CreatedBypass[]>> {
  const { sites, expires, label, isSingleUse, mayBeInsecure } = request;
  const path = canonicalPathOf(request.path);
  refuseUnusableLabel(label);
  return change(database, context, async (step) => {
    refuseUselessExpiry(request, step.now);
    const siteIds = await requirePresent(step.queries, sites);
    await deleteExpiredBypasses(step.queries, step.now - keepExpiredMs);
    const key = await signingKey(step);
    const wanted = { label, expires, path, isSingleUse, mayBeInsecure, redeemed: null, standing: null };
    const created: CreatedBypass[] = [];
    for (const siteId of siteIds) {
      const token = randomSecret();
      const bypass = await insertBypass(step.queries, { ...wanted, siteId, tokenHash: hashOfToken(token) }, key.id);
      await step.record({ action: "bypass.create", siteId, after: auditedBypass(bypass) });
      created.push({ bypass, token });
    }
    return created;
  });
}

/** Takes a bypass back, and lets nobody in by the cookies that it gave; the audit keeps it. */
export async function revokeBypass(database: Database, context: ChangeContext, id: number): Promise<Changed<Bypass>> {
  return change(database, context, async (step) => {
    const before = await readBypass(step.queries, id);
    if (before === undefined)
      throw new LullError("refused", `no bypass ${id}; "lull bypass list" shows those that there are`);
    await revoke(step, before);
    return before;
  });
}

/** The same for all that have not expired: those on these very sites; null: every one. */
export async function revokeBypasses(
  database: Database,
  context: ChangeContext,
  sites: readonly Site[] | null,
): Promise<Changed<readonly Bypass[]>> {
  return change(database, context, async (step) => {
    const chosen = sites === null ? null : new Set<number | null>(sites.map(({ id }) => id));
    const live = await selectBypasses(step.queries, { expiresAfter: step.now });
    const meant = live.filter(({ siteId }) => chosen === null || chosen.has(siteId));
    for (const bypass of meant) await revoke(step, bypass);
    return meant;
  });
}

export interface RotatedKeys {
  /** The number of the key that signs from now on. */
  readonly added: number;
  /** Numbers of older keys: of cookies that are out, and of none that could be. */
  readonly kept: readonly number[];
  readonly dropped: readonly number[];
}

/** Makes the key that signs from now on. Cookies that are out stay good: a key goes when no bypass is left for which it may have signed. */
export async function rotateBypassKeys(database: Database, context: ChangeContext): Promise<Changed<RotatedKeys>> {
  return change(database, context, async (step) => {
    const older = (await selectBypassKeys(step.queries)).map(({ id }) => id);
    const { id: added } = await addBypassKey(step);
    const oldest = (await readOldestKeyInUse(step.queries, step.now)) ?? added;
    const dropped = older.filter((id) => id < oldest);
    for (const id of dropped) {
      await deleteBypassKey(step.queries, id);
      await step.record({ action: "bypass.key.remove", siteId: null, before: { id } });
    }
    return { added, kept: older.filter((id) => id >= oldest), dropped };
  });
}

async function revoke({ queries, record }: Change, bypass: Bypass): Promise<void> {
  await deleteBypass(queries, bypass.id);
  await record({ action: "bypass.revoke", siteId: bypass.siteId, before: auditedBypass(bypass) });
}

function refuseUselessExpiry({ expires, longestMs }: BypassRequest, now: InstantMs): void {
  if (expires <= now) throw new LullError("refused", `the bypass would have expired already: ${utc(expires)} is past`);
  if (longestMs === null || expires - now <= longestMs) return;
  // It was counted from some milliseconds ago.
  const wholeSecondsMs = Math.ceil((expires - now) / 1_000) * 1_000;
  const [length, longest] = [formatDuration(wholeSecondsMs), formatDuration(longestMs)];
  throw new LullError(
    "refused",
    `the bypass would hold for ${length}, and ${longest} is the longest: whoever gets hold of its link gets in; --force if that is meant`,
  );
}

function refuseUnusableLabel(label: string): void {
  const length = [...label].length;
  const shown = JSON.stringify([...label].slice(0, longestLabel).join(""));
  if (length > longestLabel)
    throw new LullError(
      "refused",
      `a label has ${longestLabel} characters at most, and ${shown}... has ${length}; write a shorter one`,
    );
  if (/\p{Cc}/u.test(label))
    throw new LullError("refused", `a label has no control characters, and ${shown} has; write another`);
}
