import { CONFIG_KEYS, type Config, describeOrigin, originOf } from "../config/keys.ts";
import type { Exemption } from "../gate/exemption.ts";
import type { Standing } from "../gate/standing.ts";
import type { Verdict } from "../gate/verdict.ts";
import { describeExemption } from "./describe-exemption.ts";
import { until } from "./describe-period.ts";

/** The setting that an exemption of the configuration stands under; null: it is a row. */
export function settingOf({ id, description }: Exemption) {
  return id === null ? (CONFIG_KEYS.find((key) => key === description) ?? null) : null;
}

/** Which exemption decided, by what commands and files know it. */
export function describeDeciding(exemption: Exemption, config: Config, timezone: string): string {
  const { id, description, expires } = exemption;
  const what = describeExemption(exemption);
  const setting = settingOf(exemption);
  if (setting !== null) return `${what}, by the setting ${setting} (${describeOrigin(originOf(config, setting))})`;
  const end = expires === null ? "for ever" : until(expires, timezone);
  return `exemption ${id}, ${what}, ${end}${description === "" ? "" : `: ${description}`}`;
}

/** As whom the visitor comes, and what that is worth. */
export function describeStanding(standing: Standing, verdict: Verdict, config: Config): string {
  const who = standing === "staff" ? "staff" : "a superuser";
  const isBlocked = standing === "staff" && verdict.kind === "closed" && config.staff.blockStaff;
  return isBlocked
    ? `${who}, who wait outside by the setting block_staff (${describeOrigin(originOf(config, "block_staff"))})`
    : who;
}
