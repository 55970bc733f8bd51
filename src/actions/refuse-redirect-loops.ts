import { LullError } from "../gate/error.ts";
import { type RedirectLoop, redirectLoops } from "../gate/redirect-loops.ts";
import type { Site } from "../gate/site.ts";
import { siteLabel } from "./find-sites.ts";

/** Throws LullError when a change of sites would send held visitors around in a loop that they were not in before. */
export function refuseRedirectLoops(before: readonly Site[], after: readonly Site[]): void {
  const known = new Set(redirectLoops(before).map(describe));
  for (const loop of redirectLoops(after)) {
    const words = describe(loop);
    if (!known.has(words)) throw new LullError("refused", words);
  }
}

function describe(loop: RedirectLoop): string {
  const [first, ...others] = loop;
  if (first !== undefined && others.length === 0) {
    return `site ${siteLabel(first)} would send its held visitors to ${first.redirectUrl}, which is the site itself: redirect to another host, or take the redirect away`;
  }
  const steps = loop.map((site) => `site ${siteLabel(site)} to ${site.redirectUrl}`);
  return `held visitors would be sent round in a circle, by ${steps.join(", by ")}: redirect to another host, or take one of the redirects away`;
}
