import type { Exemption, ExemptionKind } from "../gate/exemption.ts";
import { canonicalExemption } from "../gate/exemption.ts";
import type { Config } from "./keys.ts";

/** An entry of `admin_ignored_urls` or `default_exemptions` that begins with `/` is a path, any other a pattern. */
export function kindOfEntry(entry: string): ExemptionKind {
  return entry.startsWith("/") ? "path" : "pattern";
}

/** What the configuration exempts on all sites; the descriptions name the keys. */
export function configurationExemptions(config: Config): readonly Exemption[] {
  return [
    ...config.internalIps.map((value) => exemption("network", value, "internal_ips")),
    ...config.adminIgnoredUrls.map((value) => exemption(kindOfEntry(value), value, "admin_ignored_urls")),
    ...config.defaultExemptions.map((value) => exemption(kindOfEntry(value), value, "default_exemptions")),
  ];
}

function exemption(kind: ExemptionKind, value: string, description: string): Exemption {
  return { id: null, siteId: null, kind, value: canonicalExemption(kind, value), description, expires: null };
}
