import { needProgram } from "../../support/debian.ts";
import { type DjangoSite, startDjangoSite } from "../../support/django-site.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import type { SecureOptions } from "./bypass-gate.ts";
import { type Gate, lacksGate, server, startGate } from "./gate.ts";
import { selfSigned } from "./self-signed.ts";

/** A closed Django behind nginx, with https, whose staff the sidecar asks it for: site 2 is one.test, site 1 every other host. */
export interface StaffGate extends AsyncDisposable {
  readonly gate: Gate;
  readonly site: DjangoSite;
  /** `https://127.0.0.1:PORT`. */
  readonly origin: string;
  /** One request over https, of a visitor that follows no redirects. */
  secure(path: string, options?: StaffVisit): Promise<Response>;
  stop(): Promise<void>;
}

export interface StaffVisit extends SecureOptions {
  /** Where the visitor comes from: every visit from another address unless told. */
  readonly client?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function lacksStaffGate(): Promise<boolean> {
  const programs = [await needProgram("openssl"), await needProgram("django")];
  return (await lacksGate()) || programs.includes(null);
}

/** `application`: what is asked in place of the Django. */
export async function startStaffGate(
  settings: Readonly<Record<string, string>> = {},
  application?: string,
): Promise<StaffGate> {
  const folder = temporaryFolder();
  const site = await startDjangoSite();
  const { certificate, key } = await selfSigned(folder.path, "/CN=one.test");
  const servers = server(
    "_",
    `listen 127.0.0.1:@port.tls@ ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key};
    include snippets/lull.conf;
    add_header X-Lull-Why $lull_why always;
    location / { proxy_pass ${site.origin}; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme; }`,
  );
  const asked = application ?? site.origin;
  const probes = { staff_probe: `${asked}/admin/`, superuser_probe: `${asked}/superusers-only/` };
  const gate = await startGate({ servers, settings: { ...probes, ...settings } });
  await gate.lull.command("site", "add", "one.test");
  await gate.lull.command("setmaintenance", "on", "--all");
  const origin = `https://127.0.0.1:${gate.nginx.port("tls")}`;
  let visitors = 0;
  const stop = async () => {
    await gate.stop();
    await site.stop();
    await folder.remove();
  };
  return {
    gate,
    site,
    origin,
    secure: (path, { method = "GET", host = "one.test", cookie = "", client, headers = {} } = {}) => {
      visitors++;
      const from = client ?? `203.0.113.${visitors % 250}`;
      return fetch(`${origin}${path}`, {
        method,
        headers: { Host: host, "X-Test-Client": from, ...(cookie === "" ? {} : { Cookie: cookie }), ...headers },
        redirect: "manual",
        tls: { rejectUnauthorized: false },
      });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
