import { writeFile } from "node:fs/promises";
import { binaryPath } from "../../support/binary.ts";
import { needProgram } from "../../support/debian.ts";
import { type Nginx, startNginx } from "../../support/nginx.ts";
import { type SampleApp, startSampleApp } from "../../support/sample-app.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { httpLevelConfiguration, type OnFailure, replaceAll, siteLevelConfiguration } from "./lull-configuration.ts";
import { installLull, type Lull, type SidecarProcess } from "./lull-process.ts";
import { type Visited, type VisitParts, visit } from "./visit.ts";

export interface GateOptions {
  /** Of lull, as environment variables have them: `{ internal_ips: "127.0.0.1" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The servers of nginx, as their operator writes them; `DEFAULT_SERVER` unless given. */
  readonly servers?: string;
  /** More of `http {}`, before everything else. */
  readonly http?: string;
  /** In place of the shipped map of what nginx knows of visitors. */
  readonly groups?: string;
  /** `open` unless given. */
  readonly onFailure?: OnFailure;
  /** What nginx connects to in place of the sidecar's own socket. */
  readonly socket?: string;
  /** Arguments of `lull serve`, or null to leave it to the test. */
  readonly serve?: readonly string[] | null;
}

/** A whole site: nginx with the shipped configuration, the compiled sidecar, and the application behind. */
export interface Gate extends AsyncDisposable {
  readonly nginx: Nginx;
  readonly app: SampleApp;
  readonly lull: Lull;
  readonly folder: string;
  /** The sidecar that was started first. */
  readonly sidecar: SidecarProcess | null;
  readonly address: { readonly host: string; readonly port: number };
  /** One request on a connection of its own, and what became of it. */
  visit(parts?: VisitParts): Promise<Visited>;
  stop(): Promise<void>;
}

/** `location /` as people write it for an application with websockets. */
export const APPLICATION = `
  proxy_http_version 1.1;
  proxy_set_header Host $host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_buffering off;
`;

/**
 * In front of every server here stands a proxy that tells the visitor's address, so that visitors can come from
 * anywhere; who does not tell comes from 127.0.0.1.
 */
const VISITORS = "set_real_ip_from 127.0.0.1; real_ip_header X-Test-Client;";

export function server(names: string, content: string): string {
  return `server { listen 127.0.0.1:@port.web@; server_name ${names}; ${VISITORS} ${content} }\n`;
}

const DEFAULT_SERVER = server(
  "_",
  `include snippets/lull.conf;
  location / { proxy_pass http://app; ${APPLICATION} }`,
);

/**
 * Whether there is no nginx here: `describe.skipIf(await lacksGate())`. Builds the binary when it is old, which takes
 * longer than a hook may.
 */
export async function lacksGate(): Promise<boolean> {
  if ((await needProgram("nginx")) === null) return true;
  await binaryPath();
  return false;
}

/** The shipped files with nothing changed but where things are. */
export async function startGate(options: GateOptions = {}): Promise<Gate> {
  const folder = temporaryFolder();
  const lull = await installLull(folder.path, options.settings);
  const app = startSampleApp();
  const ends = [() => app.stop(), () => lull.stop(), () => folder.remove()];
  const stop = async () => {
    for (const end of ends.splice(0)) await end();
  };
  try {
    await writeFile(folder.file("lull.conf"), await siteLevelConfiguration(null));
    await writeFile(folder.file("lull-site-2.conf"), await siteLevelConfiguration(2));
    const sidecar = options.serve === null ? null : await lull.serve(...(options.serve ?? []));
    const servers = options.servers ?? DEFAULT_SERVER;
    const included = servers.split("include snippets/").length - 1;
    if (included === 0) throw new Error("no server includes snippets/lull.conf");
    const http = `
      ${options.http ?? ""}
      map $http_upgrade $connection_upgrade { default upgrade; '' close; }
      upstream app { server 127.0.0.1:${app.port}; }
      upstream app_kept { server 127.0.0.1:${app.port}; keepalive 32; }
      ${await httpLevelConfiguration({
        socket: options.socket ?? lull.socket,
        fallbackPort: "@port.fallback@",
        onFailure: options.onFailure ?? "open",
        groups: options.groups ?? null,
      })}
      ${replaceAll(servers, { from: "include snippets/", to: `include ${folder.path}/`, times: included })}`;
    const nginx = await startNginx({ http });
    ends.unshift(() => nginx.stop());
    const address = { host: "127.0.0.1", port: nginx.port("web") };
    return {
      nginx,
      app,
      lull,
      folder: folder.path,
      sidecar,
      address,
      visit: (parts = {}) => visit({ address, app }, parts),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
