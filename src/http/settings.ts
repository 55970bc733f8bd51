import { createEntryPage } from "../answer/entry-page.ts";
import { loadPages } from "../answer/pages.ts";
import { createTimeWriter } from "../answer/time-writer.ts";
import type { Config } from "../config/keys.ts";
import type { TokenSettings } from "../config/staff.ts";
import { parseTrust } from "../gate/client-ip.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Log } from "../log.ts";
import { createStaffProbe } from "../staff/probe.ts";
import { type StaffTokens, startStaffTokens } from "../staff/tokens.ts";
import { tryTemplateApart } from "../template-trials.ts";
import type { Settings } from "./sidecar.ts";

/** What of the configuration the server uses. */
export type ServerConfig = Pick<
  Config,
  | "listen"
  | "socketMode"
  | "trustedProxies"
  | "clientAddressHeader"
  | "origin"
  | "retryAfterSeconds"
  | "templates"
  | "maintenance503Template"
  | "staffUrl"
  | "staff"
  | "timezone"
  | "readyMaxAgeMs"
  | "remindAfterMs"
>;

export interface SettingsMeans {
  readonly log: Log;
  readonly now: () => InstantMs;
  readonly onPageFault: (fault: string) => void;
  /** Those in use, whose keys go on where they may; null: these are the first. */
  readonly former: Settings | null;
}

/** Makes ready what endpoints use. What it starts (`staffTokens`) is the caller's to stop. Throws LullError for what does not hold. */
export async function readSettings(config: ServerConfig, means: SettingsMeans): Promise<Settings> {
  const { now, onPageFault } = means;
  const { templates, maintenance503Template, timezone } = config;
  const { tokens, probe, claims } = config.staff;
  const writeTime = createTimeWriter(timezone);
  const staffUrl = probe === null ? config.staffUrl : staffPath;
  const tryTemplate = tryTemplateApart({ timezone, staffUrl });
  const onFault = onPageFault;
  return {
    trust: parseTrust(config.trustedProxies, config.clientAddressHeader),
    headers: { address: addressHeaderOf(config), claims },
    retryAfterSeconds: config.retryAfterSeconds,
    readyMaxAgeMs: config.readyMaxAgeMs,
    remindAfterMs: config.remindAfterMs,
    pages: await loadPages({ templates, maintenance503Template, writeTime, staffUrl, tryTemplate, onFault }),
    entryPage: createEntryPage(),
    loginUrl: config.staffUrl,
    writeTime,
    // Last: from here on nothing fails, so nothing that was started is left to itself.
    staffTokens: tokens === null ? null : await tokensFor(tokens, means),
    staffProbe: probe === null ? null : createStaffProbe(probe, now),
  };
}

/** null: unless somebody has configured one, each dialect looks where its proxy says it. */
function addressHeaderOf({ origin, clientAddressHeader }: ServerConfig): string | null {
  return origin.client_address_header === undefined ? null : clientAddressHeader.toLowerCase();
}

/** Where the page's link for staff leads when the application can be asked. */
export const staffPath = "/.lull/staff";

function tokensFor(settings: TokenSettings, { log, now, former }: SettingsMeans): Promise<StaffTokens> {
  return startStaffTokens(settings, {
    now,
    onFault: (fault) => log.error("staff-keys-fault", { fault }),
    onRecovered: () => log.info("staff-keys-recovered"),
    // Visitors who are logged in are no news.
    onRefused: ({ reason, of }) => log[of === "visitor" ? "debug" : "warn"]("staff-token-refused", { reason }),
    onExposed: (warning) => log.warn("staff-secret-exposed", { warning }),
    former: former?.staffTokens ?? null,
  });
}
