import { configurationExemptions } from "../config/exemptions.ts";
import { noCredentials } from "../gate/bypass.ts";
import { clientAddress, parseTrust } from "../gate/client-ip.ts";
import { compileExemptions, coveringExemption } from "../gate/exemption.ts";
import type { Site } from "../gate/site.ts";
import { readVisit, type Visit } from "../gate/visit.ts";
import { selectExemptions } from "../store/exemptions.ts";
import type { Call } from "./changing.ts";
import type { Outcome } from "./closing.ts";
import type { Remaining } from "./remaining.ts";
import { shellWord } from "./shell-word.ts";

/** Of sshd: the caller's address stands first in each. */
const variables = ["SSH_CLIENT", "SSH_CONNECTION"];
/** More of them than somebody would name; the exemption is for all then. */
const mostNamed = 20;

/** What was closed to reading too. null: all sites, also those added later. */
export type ClosedSites = readonly Site[] | null;

/**
 * Warns who has closed sites that they hold the caller too, by the address from which it came to this machine. What
 * lets it in by a path, a bypass or as staff does not count: nobody works by a path alone, and who has one knows it.
 */
export async function lockedOut(
  { shell, given }: Call,
  { database, config, context }: Outcome<unknown>,
  closed: ClosedSites,
): Promise<Remaining> {
  const address = callerAddress(shell.environment);
  const none: Remaining = { words: [], data: { lockedOut: null } };
  if (address === null || closed?.length === 0) return none;
  const now = context.clock();
  const exemptions = [...configurationExemptions(config), ...(await selectExemptions(database.orm))];
  const visit = visitFrom(address);
  const passes = (id: number | null) => {
    const own = exemptions.filter(({ siteId }) => siteId === null || siteId === id);
    return coveringExemption(compileExemptions(own), visit, now) !== null;
  };
  const held = closed === null ? (passes(null) ? [] : null) : unique(closed).filter((id) => !passes(id));
  if (held?.length === 0) return none;
  const onSites = held === null || held.length > mostNamed ? [] : [`--site ${held.join(",")}`];
  const same = ["database", "config"].flatMap((name) => {
    const text = given.text(name);
    return text === undefined ? [] : [`--${name} ${shellWord(text)}`];
  });
  const command = ["lull exempt add", `--network ${address}`, "--for 8h", ...onSites, ...same].join(" ");
  const is = context.dryRun ? "would be" : "is";
  return {
    words: [`your own address ${address} ${is} held too, as far as visits come from it; to let it in: ${command}`],
    data: { lockedOut: { address, sites: held, command } },
  };
}

/** null: nobody came by SSH, or what it says is no address. */
function callerAddress(environment: Call["shell"]["environment"]): string | null {
  for (const variable of variables) {
    const address = environment[variable]?.split(" ")[0] ?? "";
    const client = clientAddress({ kind: "ip", address }, null, nobody);
    if (client.known) return client.address;
  }
  return null;
}

const nobody = parseTrust([]);

/** Of no path that anything exempts. */
function visitFrom(address: string): Visit {
  const visit = readVisit(
    {
      site: "1",
      host: null,
      target: "/",
      method: "GET",
      peer: { kind: "ip", address },
      addressHeader: null,
      credentials: noCredentials,
    },
    nobody,
  );
  return { ...visit, path: null };
}

function unique(sites: readonly Site[]): readonly number[] {
  return [...new Set(sites.map(({ id }) => id))];
}
