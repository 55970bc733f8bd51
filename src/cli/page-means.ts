import { english } from "../answer/language.ts";
import { createTimeWriter } from "../answer/time-writer.ts";
import type { Config } from "../config/keys.ts";
import type { InstantMs } from "../gate/period.ts";
import type { CheckMeans } from "../page/check-page.ts";
import type { PlacesOfPages } from "../page/check-pages.ts";
import { sampleSite } from "../page/samples.ts";
import { tryTemplateApart } from "../template-trials.ts";

/** What pages are rendered with, as a sidecar with this configuration would, for a sample of a visitor. */
export function pageMeans(config: Config, now: InstantMs): CheckMeans {
  const { staffUrl, publicReason, timezone } = config;
  return {
    writeTime: createTimeWriter(timezone),
    staffUrl,
    tryTemplate: tryTemplateApart({ timezone, staffUrl }),
    samples: { now, language: english, site: sampleSite, publicReason },
  };
}

export function placesOf({ templates, maintenance503Template }: Config): PlacesOfPages {
  return { templates, maintenance503Template };
}
