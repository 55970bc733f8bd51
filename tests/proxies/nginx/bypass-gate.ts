import { Database } from "bun:sqlite";
import { needProgram } from "../../support/debian.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { APPLICATION, type Gate, type GateOptions, lacksGate, server, startGate } from "./gate.ts";
import type { Lull } from "./lull-process.ts";
import { selfSigned } from "./self-signed.ts";

/** A closed place with https. */
export interface BypassGate extends AsyncDisposable {
  readonly gate: Gate;
  /** `lull bypass create ...`: the token in its link. */
  create(...words: readonly string[]): Promise<string>;
  /** One request over https, of a visitor that follows no redirects. */
  secure(path: string, options?: SecureOptions): Promise<Response>;
  /** Clicks the button over https: the cookie, `name=value`. */
  redeem(token: string, host?: string): Promise<string>;
  stop(): Promise<void>;
}

export interface SecureOptions {
  readonly method?: string;
  readonly host?: string;
  readonly cookie?: string;
}

export async function lacksBypassGate(): Promise<boolean> {
  return (await lacksGate()) || (await needProgram("openssl")) === null;
}

/** Sites one.test and two.test, both closed, beside site 1, which is closed too. */
export async function startBypassGate(options: GateOptions = {}): Promise<BypassGate> {
  const folder = temporaryFolder();
  const { certificate, key } = await selfSigned(folder.path, "/CN=one.test");
  const servers = server(
    "_",
    `listen 127.0.0.1:@port.tls@ ssl http2; ssl_certificate ${certificate}; ssl_certificate_key ${key};
    access_log access.log;
    include snippets/lull.conf;
    root @folder@;
    location = /file.txt { }
    location / { add_header X-Lull $lull; proxy_set_header X-Lull-Bypass ""; proxy_pass http://app; ${APPLICATION} }
    location /denied/ { deny all; proxy_pass http://app; }`,
  );
  const gate = await startGate({ servers, ...options });
  const { lull } = gate;
  for (const domain of ["one.test", "two.test"]) await lull.command("site", "add", domain);
  await lull.command("setmaintenance", "on", "--all");
  const stop = async () => {
    await gate.stop();
    await folder.remove();
  };
  const secure = (path: string, { method = "GET", host = "one.test", cookie = "" }: SecureOptions = {}) =>
    fetch(`https://127.0.0.1:${gate.nginx.port("tls")}${path}`, {
      method,
      headers: { Host: host, ...(cookie === "" ? {} : { Cookie: cookie }) },
      redirect: "manual",
      tls: { rejectUnauthorized: false },
    });
  return {
    gate,
    secure,
    create: (...words) => createBypass(lull, words),
    async redeem(token, host = "one.test") {
      const response = await secure(`/.lull/bypass/${token}`, { method: "POST", host });
      const cookie = response.headers.get("set-cookie")?.split(";")[0];
      if (response.status !== 303 || cookie === undefined) throw new Error(`redeemed with ${response.status}`);
      return cookie;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function createBypass(lull: Lull, words: readonly string[]): Promise<string> {
  const output = await lull.command("bypass", "create", ...words);
  const token = /\/\.lull\/bypass\/([\w-]{43})(?![\w-])/.exec(output)?.[1];
  if (token === undefined) throw new Error(`no link in: ${output}`);
  return token;
}

/** What only who can read the database knows. */
export interface Secrets {
  readonly databaseId: string;
  readonly keyId: number;
  readonly secret: string;
}

export function readSecrets(lull: Lull): Secrets {
  using database = new Database(lull.database, { readonly: true });
  const { database_id } = database.query<{ database_id: string }, []>("select database_id from meta").get() ?? {
    database_id: "",
  };
  const newest = database
    .query<{ id: number; secret: string }, []>("select id, secret from bypass_key order by id desc limit 1")
    .get();
  if (newest === null) throw new Error("there is no key");
  return { databaseId: database_id, keyId: newest.id, secret: newest.secret };
}
