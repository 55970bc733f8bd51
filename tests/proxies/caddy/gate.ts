import { binaryPath } from "../../support/binary.ts";
import { type Caddy, startCaddy } from "../../support/caddy.ts";
import { needProgram } from "../../support/debian.ts";
import { type SampleApp, startSampleApp } from "../../support/sample-app.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { installLull, type Lull } from "../nginx/lull-process.ts";
import { type Visited, type VisitParts, visit } from "../nginx/visit.ts";

/** A whole site: Caddy, the compiled sidecar on a unix socket, and the application behind. */
export interface Gate extends AsyncDisposable {
  readonly caddy: Caddy;
  readonly app: SampleApp;
  readonly lull: Lull;
  /** One request on a connection of its own, and what became of it. `door`: of the sites below. */
  visit(parts?: VisitParts, door?: Door): Promise<Visited>;
  address(door?: Door): { readonly host: string; readonly port: number };
  stop(): Promise<void>;
}

/** `web`: at the edge. `balanced`: behind a balancer on this machine. `two`: site 2, whatever the host. */
export type Door = "web" | "balanced" | "two";

/** Whether there is no Caddy here. Builds the binary when it is old, which takes longer than a hook may. */
export async function lacksGate(): Promise<boolean> {
  if ((await needProgram("caddy")) === null) return true;
  await binaryPath();
  return false;
}

export async function startGate(settings: Readonly<Record<string, string>> = {}): Promise<Gate> {
  const folder = temporaryFolder();
  const lull = await installLull(folder.path, settings);
  const app = startSampleApp();
  const ends = [() => app.stop(), () => lull.stop(), () => folder.remove()];
  const stop = async () => {
    for (const end of ends.splice(0)) await end();
  };
  try {
    await lull.serve();
    const place = { socket: lull.socket, app, query: "?", more: "" };
    const caddy = await startCaddy(
      site("web", place) + site("two", { ...place, query: "?site=2" }) + site("balanced", { ...place, more: BALANCED }),
    );
    ends.unshift(() => caddy.stop());
    const address = (door: Door = "web") => ({ host: "127.0.0.1", port: caddy.port(door) });
    return {
      caddy,
      app,
      lull,
      address,
      visit: (parts = {}, door = "web") => visit({ address: address(door), app }, { client: null, ...parts }),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A balancer says who visits; X-Forwarded-For is its own then, and grows by its address. */
const BALANCED = "trusted_proxies 127.0.0.1/32";

export interface SitePlace {
  /** Of the sidecar. */
  readonly socket: string;
  readonly app: SampleApp;
  readonly query: string;
  /** Of forward_auth. */
  readonly more: string;
}

/**
 * As docs/http.md has it. The "?" ends the address of the check, or Caddy adds the visitor's own query to it. What
 * `staff_claim` names is said by Caddy: of everybody else's word for it nothing is left.
 */
export function site(port: Door, { socket, app, query, more }: SitePlace): string {
  return `
http://:@port.${port}@ {
	bind 127.0.0.1
	map {path} {groups} {
		/for-staff "users, staff"
		default users
	}
	forward_auth unix/${socket} {
		uri /check/forward${query}
		header_up X-Auth-Groups {groups}
		copy_headers X-Lull X-Lull-Why
		${more}
		transport http {
			dial_timeout 250ms
			response_header_timeout 500ms
		}
	}
	reverse_proxy 127.0.0.1:${app.port}
}
`;
}
