import { type CreatedBypass, createBypass, revokeBypass } from "../actions/bypasses.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import type { ChangeContext, Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { linkOf } from "./bypass-link.ts";
import { printable } from "./printable.ts";

/** By which COMMAND gets into the sites that are closed for it: its smoke tests see what visitors will. */
export interface RunBypasses {
  /** With the tokens: for COMMAND's environment, and for nothing else. */
  readonly variables: Readonly<Record<string, string>>;
  readonly ids: readonly number[];
  /** When they are over, should nobody be left to revoke them. */
  readonly expires: InstantMs;
  /** The revision that holds them. */
  readonly revision: number;
}

export interface RunBypassRequest {
  /** What is closed; null: all sites. */
  readonly sites: readonly Site[] | null;
  /** The first word of COMMAND: the others may hold what nobody should read. */
  readonly commandName: string;
  /** When COMMAND should have ended. */
  readonly expectedEnd: InstantMs;
}

/** COMMAND may take longer than was thought. */
const spareMs = 24 * 60 * 60 * 1_000;
/** In characters, so that the whole label is not too long. */
const longestName = 80;
const variableForm = /^LULL_BYPASS_(?:URL|TOKEN)(?:_\d+)?$/;

/** Makes a bypass for each site, or one for all. Throws LullError. */
export async function createRunBypasses(
  database: Database,
  context: ChangeContext,
  { sites, commandName, expectedEnd }: RunBypassRequest,
): Promise<RunBypasses> {
  const expires = expectedEnd + spareMs;
  const { result, revision } = await createBypass(database, context, {
    sites,
    expires,
    label: `lull run: ${shortName(commandName)}`,
    path: "/",
    isSingleUse: false,
    mayBeInsecure: false,
    longestMs: null,
  });
  const known = new Map(sites?.map((site) => [site.id, site]));
  const pairs = result.flatMap((created) => variablesOf(created, known, result.length > 1));
  return { variables: Object.fromEntries(pairs), ids: result.map(({ bypass }) => bypass.id), expires, revision };
}

/** COMMAND's environment: what another lull run has put there is of other sites. */
export function withBypasses(
  environment: Readonly<Record<string, string | undefined>>,
  bypasses: RunBypasses | null,
): Readonly<Record<string, string | undefined>> {
  const others = Object.entries(environment).filter(([name]) => !variableForm.test(name));
  return { ...Object.fromEntries(others), ...bypasses?.variables };
}

/** Revokes those that are still there. Null: nobody has left any. Throws LullError. */
export async function revokeRunBypasses(
  database: Database,
  context: ChangeContext,
  ids: readonly number[],
): Promise<Changed<unknown> | null> {
  let last: Changed<unknown> | null = null;
  for (const id of ids) {
    try {
      last = await revokeBypass(database, context, id);
    } catch (error) {
      // Somebody has revoked it, or removed its site.
      if (!(error instanceof LullError) || error.kind !== "refused") throw error;
    }
  }
  return last;
}

function variablesOf(
  { bypass: { siteId }, token }: CreatedBypass,
  sites: ReadonlyMap<number, Site>,
  isOneOfMany: boolean,
): readonly (readonly [string, string])[] {
  const suffix = isOneOfMany ? `_${siteId}` : "";
  const site = siteId === null ? null : (sites.get(siteId) ?? null);
  const link = linkOf(token, site, { origin: null, mayBeInsecure: false });
  // A path alone is no address that a script could ask.
  const urls = link.startsWith("/") ? [] : ([[`LULL_BYPASS_URL${suffix}`, link]] as const);
  return [...urls, [`LULL_BYPASS_TOKEN${suffix}`, token]];
}

/** The end of a path tells more than its beginning. */
function shortName(commandName: string): string {
  const characters = [...printable(commandName)];
  return characters.length <= longestName ? characters.join("") : `…${characters.slice(1 - longestName).join("")}`;
}
