import { eq, getTableColumns, gt, lt, min } from "drizzle-orm";
import { bypass, bypassKey } from "../../db/schema.ts";
import type { Bypass, BypassKey } from "../gate/bypass.ts";
import type { InstantMs } from "../gate/period.ts";
import { change } from "./change.ts";
import type { Database, Queries } from "./database.ts";

const { keyId: _, ...columns } = getTableColumns(bypass);
const { createdAt: __, ...keyColumns } = getTableColumns(bypassKey);

export interface BypassFilter {
  /** Leaves out those that had expired at this instant. */
  readonly expiresAfter?: InstantMs | undefined;
}

/** Bypasses by number. A query: await it, or put it into a batch. */
export function selectBypasses(queries: Queries, { expiresAfter }: BypassFilter = {}) {
  return queries
    .select(columns)
    .from(bypass)
    .where(expiresAfter === undefined ? undefined : gt(bypass.expires, expiresAfter))
    .orderBy(bypass.id);
}

/** All keys, the oldest first. A query. */
export function selectBypassKeys(queries: Queries) {
  return queries.select(keyColumns).from(bypassKey).orderBy(bypassKey.id);
}

/** One bypass by its number. */
export async function readBypass(queries: Queries, id: number): Promise<Bypass | undefined> {
  return queries.select(columns).from(bypass).where(eq(bypass.id, id)).get();
}

/** `keyId`: the newest key. */
export async function insertBypass(queries: Queries, added: Omit<Bypass, "id">, keyId: number): Promise<Bypass> {
  return queries
    .insert(bypass)
    .values({ ...added, keyId })
    .returning(columns)
    .get();
}

export async function deleteBypass(queries: Queries, id: number): Promise<void> {
  await queries.delete(bypass).where(eq(bypass.id, id)).run();
}

/** Operational: those that had expired before this instant let nobody in, and the audit keeps them. */
export async function deleteExpiredBypasses(queries: Queries, before: InstantMs): Promise<void> {
  await queries.delete(bypass).where(lt(bypass.expires, before)).run();
}

/** The oldest key that has signed for a bypass that has not expired; null: there is none. */
export async function readOldestKeyInUse(queries: Queries, now: InstantMs): Promise<number | null> {
  const row = await queries
    .select({ id: min(bypass.keyId) })
    .from(bypass)
    .where(gt(bypass.expires, now))
    .get();
  return row?.id ?? null;
}

export async function deleteBypassKey(queries: Queries, id: number): Promise<void> {
  await queries.delete(bypassKey).where(eq(bypassKey.id, id)).run();
}

export async function insertBypassKey(queries: Queries, secret: string, createdAt: InstantMs): Promise<BypassKey> {
  return queries.insert(bypassKey).values({ secret, createdAt }).returning(keyColumns).get();
}

/** A bypass for the audit, which keeps nothing that anybody could enter by. */
export function auditedBypass({ tokenHash: _, ...rest }: Bypass): Omit<Bypass, "tokenHash"> {
  return rest;
}

/** Which bypass is redeemed, and on which site. */
export interface Redemption {
  readonly id: number;
  readonly siteId: number;
}

/** `gone`: revoked, expired, or of another site. `used`: for a single use, and redeemed before. */
export type RedeemOutcome = "redeemed" | "gone" | "used";

/** Rejects (LullError) when the database cannot be used. */
export type Redeem = (redemption: Redemption) => Promise<RedeemOutcome>;

/**
 * Redeems a bypass. The first time is audited; later ones change nothing. Whoever redeems at the same time, one alone is
 * the first. Throws LullError when the database cannot be used.
 */
export async function redeemBypass(
  database: Database,
  { id, siteId, now }: Redemption & { readonly now: InstantMs },
): Promise<RedeemOutcome> {
  const context = { actor: "visitor", now, clock: () => now, reason: "", dryRun: false };
  const { result } = await change<RedeemOutcome>(database, context, async ({ queries, record }) => {
    const before = await readBypass(queries, id);
    if (before === undefined || before.expires <= now) return "gone";
    if (before.siteId !== null && before.siteId !== siteId) return "gone";
    if (before.redeemed !== null) return before.isSingleUse ? "used" : "redeemed";
    await queries.update(bypass).set({ redeemed: now }).where(eq(bypass.id, id)).run();
    const after = { ...before, redeemed: now };
    await record({ action: "bypass.redeem", siteId, before: auditedBypass(before), after: auditedBypass(after) });
    return "redeemed";
  });
  return result;
}
