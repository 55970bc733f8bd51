import { join } from "node:path";

const TEMPLATES = join(import.meta.dir, "../../../templates/proxies/nginx");

/** What a site gets while its sidecar is away. */
export type OnFailure = "open" | "closed";

export interface HttpLevelOptions {
  readonly socket: string;
  /** A port, or a placeholder for one. */
  readonly fallbackPort: string;
  readonly onFailure: OnFailure;
  /** In place of the map of what nginx knows of visitors; null: as it is. */
  readonly groups: string | null;
}

/** 00-lull.conf as it is shipped, with another socket and another fallback port. */
export async function httpLevelConfiguration(options: HttpLevelOptions): Promise<string> {
  const shipped = await Bun.file(join(TEMPLATES, "00-lull.conf")).text();
  const placed = replaceAll(
    replaceAll(shipped, { from: "unix:/run/lull/lull.sock", to: `unix:${options.socket}`, times: 4 }),
    { from: "127.0.0.1:7099", to: `127.0.0.1:${options.fallbackPort}`, times: 5 },
  );
  const shippedGroups = 'map "" $lull_groups { default ""; }';
  const known = replaceAll(placed, { from: shippedGroups, to: options.groups ?? shippedGroups, times: 1 });
  return replaceAll(known, { from: "set $on_failure open;", to: `set $on_failure ${options.onFailure};`, times: 1 });
}

/** lull.conf as it is shipped; with a number, changed as its comment says, for a site that is known by its number. */
export async function siteLevelConfiguration(siteNumber: number | null): Promise<string> {
  const shipped = await Bun.file(join(TEMPLATES, "lull.conf")).text();
  if (siteNumber === null) return shipped;
  const site = `?site=${siteNumber}`;
  return [
    { from: "http://lull_sidecar/check/nginx;", to: `http://lull_sidecar/check/nginx${site};`, times: 1 },
    { from: "rewrite ^ /answer? break;", to: `rewrite ^ /answer${site}? break;`, times: 1 },
    { from: "rewrite ^ /public? break;", to: `rewrite ^ /public${site}? break;`, times: 3 },
  ].reduce(replaceAll, shipped);
}

interface Replacement {
  readonly from: string;
  readonly to: string;
  readonly times: number;
}

/** Throws when the text does not stand there exactly so often: the shipped file has changed, and tests would prove another. */
export function replaceAll(text: string, { from, to, times }: Replacement): string {
  const found = text.split(from).length - 1;
  if (found !== times)
    throw new Error(`${JSON.stringify(from)} stands ${found} times in the configuration, not ${times}`);
  return text.replaceAll(from, () => to);
}
