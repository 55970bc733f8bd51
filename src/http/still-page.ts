import { english } from "../answer/language.ts";
import type { HeldSite } from "../mirror/held-site.ts";
import type { Settings } from "./sidecar.ts";

type StillMeans = Pick<Settings, "pages" | "retryAfterSeconds">;

/** The page of a site for whoever asks, in English. null: of no site, for no reason that is known. Never throws. */
export function stillPage({ pages, retryAfterSeconds }: StillMeans, held: HeldSite | null): string | Uint8Array {
  const { html } = pages.renderStill({
    site: held?.site ?? null,
    mode: held?.mode ?? "full",
    message: held?.message ?? "",
    reason: held?.reason ?? "",
    start: held?.start ?? null,
    end: held?.opensAt ?? null,
    // Not until the opening: the page would be another one every second.
    retryAfterSeconds,
    path: "",
    method: "",
    language: english,
    host: null,
    redirectUrl: "",
    origins: [],
  });
  return html;
}
