import { type BypassRequest, type CreatedBypass, createBypass } from "../actions/bypasses.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { auditedBypass } from "../store/bypasses.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { type InstantContext, parseInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { type LinkTarget, linkOf, linkTargetOf, strangeHost } from "./bypass-link.ts";
import { chosenSites } from "./chosen-sites.ts";
import { closing, type Told } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import { describeWholeBypass } from "./describe-bypass.ts";
import { refuseBoth } from "./refuse-both.ts";
import { byNumber } from "./scope.ts";
import type { Shell } from "./shell.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

const defaultDuration = "8h";
const longestMs = 30 * 24 * 60 * 60 * 1_000;

export function bypassCreate(shell: Shell): Command {
  return {
    args: {
      ...siteArgs,
      for: { type: "string", valueHint: "8h", description: `how long it holds (${defaultDuration})` },
      expires: { type: "string", valueHint: "TIME", description: "until when, instead of --for" },
      label: { type: "string", valueHint: "TEXT", description: "who or what it is for" },
      path: { type: "string", valueHint: "/PATH", description: "where who has redeemed it begins (/)" },
      "single-use": { type: "boolean", description: "good for one redemption" },
      "insecure-cookie": { type: "boolean", description: "also over plain http, for a site that has nothing else" },
      url: { type: "string", valueHint: "URL", description: "the site's address for the link (https://DOMAIN)" },
      force: { type: "boolean", description: "also when it holds for more than 30 days" },
      ...zoneArgs,
      ...auditArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

/** What was made, and where it is. */
interface Made {
  readonly created: readonly CreatedBypass[];
  readonly sites: readonly Site[];
}

function run(shell: Shell, given: Given): Promise<number> {
  if (given.flag("quiet") && !given.flag("json"))
    throw new LullError(
      "usage",
      "--quiet would keep the link back, which is shown only once; leave it out, or add --json",
    );
  return closing<Made>({ shell, given }, (context, config) => {
    const clock = clockOf(given, config, context.now);
    const target = linkTargetOf(given);
    const wanted = requestOf(given, clock, target);
    return {
      act: async (database) => {
        const chosen = await chosenSites(given, database);
        refuseOneUrlForMany(chosen, target);
        const done = await createBypass(database, context, { ...wanted, sites: chosen });
        return { ...done, result: { created: done.result, sites: await readSites(database.orm) } };
      },
      intent: () => "open",
      tell: ({ result, proven }) => tell(result, { target, timezone: clock.timezone, isDry: context.dryRun, proven }),
    };
  });
}

function requestOf(given: Given, clock: InstantContext, { mayBeInsecure }: LinkTarget): Omit<BypassRequest, "sites"> {
  return {
    expires: expiryOf(given, clock),
    label: given.text("label") ?? "",
    path: given.text("path") ?? "/",
    isSingleUse: given.flag("single-use"),
    mayBeInsecure,
    longestMs: given.flag("force") ? null : longestMs,
  };
}

function expiryOf(given: Given, clock: InstantContext): InstantMs {
  refuseBoth(given, "for", "expires");
  const expires = given.text("expires");
  return expires === undefined
    ? clock.now + parseDuration(given.text("for") ?? defaultDuration)
    : parseInstant(expires, clock);
}

function refuseOneUrlForMany(sites: readonly Site[] | null, { origin }: LinkTarget): void {
  if (origin === null || new Set(sites?.map(({ id }) => id)).size < 2) return;
  throw new LullError(
    "usage",
    `--url "${origin}" is the address of one site, and several are named; leave it out, or name one`,
  );
}

interface Manner {
  readonly target: LinkTarget;
  readonly timezone: string;
  readonly isDry: boolean;
  readonly proven: boolean;
}

/** The links are all that goes to standard output, and they are shown whatever became of the wait: nobody could ask for them again. */
function tell({ created, sites }: Made, { target, timezone, isDry, proven }: Manner): Told {
  const known = byNumber(sites);
  const made = created.map(({ bypass, token }) => {
    const site = bypass.siteId === null ? null : (known.get(bypass.siteId) ?? null);
    return { bypass, token, site, link: linkOf(token, site, target) };
  });
  const described = made.map(({ bypass }) => describeWholeBypass(bypass, timezone, known));
  if (isDry) {
    const bypasses = created.map(({ bypass }) => auditedBypass(bypass));
    return { lines: described.map((each) => `${each}, would be made`), data: { bypasses } };
  }
  const links = made.map(({ link }) => link);
  const isBare = links.some((link) => link.startsWith("/"));
  const words = [
    ...described.map((each) => `${each}: whoever has the link gets in; it is not shown again`),
    ...made.flatMap(({ site }) => strangeHost(target, site, sites) ?? []),
    ...(isBare ? ["a path alone goes behind the address of a site; --url writes it there"] : []),
    ...(target.mayBeInsecure
      ? ["over plain http whoever can read the traffic on the way can take link and cookie, and use them"]
      : []),
  ];
  return {
    lines: links,
    words: proven ? words : [...words, ...links],
    data: { bypasses: made.map(({ bypass, token, link }) => ({ ...auditedBypass(bypass), link, token })) },
  };
}
