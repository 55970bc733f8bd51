import type { Bypass } from "../../src/gate/bypass.ts";
import type { Standing } from "../../src/gate/standing.ts";
import { honest, type RawAnswer, startRawApplication } from "../staff/raw-application.ts";
import { sendRaw } from "../support/raw-http.ts";
import { bypass, key } from "./bypass-builders.ts";
import { type FixtureOptions, request, start, startFixture } from "./sidecar-fixture.ts";

export const halfAnHour = 1_800_000;
export const staff = "who=staff";

/** By which all staff come in. */
export function entryBypass(standing: Standing, change: Partial<Bypass> = {}): Bypass {
  const expires = start + 30 * 24 * 3_600_000;
  const id = standing === "staff" ? 7 : 8;
  return bypass({ id, siteId: null, label: `${standing} probe`, expires, standing, tokenHash: `${id}`, ...change });
}

export const both = [entryBypass("staff"), entryBypass("superuser")];

export interface SceneOptions extends FixtureOptions {
  readonly application?: RawAnswer;
  /** Asked as superuser_probe, in place of staff_probe. */
  readonly isForSuperusers?: boolean;
  /** Of the same application, asked as superuser_probe beside staff_probe. */
  readonly superuserPath?: string;
  readonly staffUrl?: string;
}

/** A closed site whose sidecar asks an application who is staff. */
export async function scene({
  application = honest,
  isForSuperusers = false,
  superuserPath = "",
  staffUrl = "",
  ...rest
}: SceneOptions = {}) {
  const asked = startRawApplication(application);
  const url = `${asked.origin}/admin/`;
  const beside = superuserPath === "" ? "" : `${asked.origin}${superuserPath}`;
  const superuserUrl = isForSuperusers ? url : beside;
  const probe = { staffUrl: isForSuperusers ? "" : url, superuserUrl, headers: [] };
  const options: FixtureOptions = {
    sites: [
      { id: 1, domain: "one.example", name: "The <shop>" },
      { id: 2, domain: "two.example" },
    ],
    periods: [{ siteId: null }],
    bypassKeys: [key],
    bypasses: both,
    ...rest,
  };
  const claims = { staff: null, superuser: null };
  const config = { staffUrl, staff: { blockStaff: false, claims, tokens: null, probe }, ...rest.config };
  const sidecar = await startFixture({ ...options, config });
  const base = {
    "X-Forwarded-Host": "one.example",
    "X-Forwarded-Uri": "/.lull/staff",
    "X-Forwarded-Proto": "https",
    Cookie: staff,
  };
  return {
    sidecar,
    asked: asked.requests,
    url,
    options,
    ask: (method: string, headers: Readonly<Record<string, string | null>> = {}) => {
      // As lull.conf does it.
      const sent = method === "HEAD" ? "HEAD" : "GET";
      const all = { ...base, "X-Forwarded-Method": method, ...headers };
      return sendRaw(sidecar.unix, request("/public", all, sent));
    },
    check: (cookie: string, host = "one.example") =>
      sendRaw(sidecar.unix, request("/check/nginx", { "X-Forwarded-Host": host, Cookie: cookie })),
    async [Symbol.asyncDispose]() {
      await sidecar[Symbol.asyncDispose]();
      await asked[Symbol.asyncDispose]();
    },
  };
}

export const logOf = (one: Awaited<ReturnType<typeof scene>>, event: string) =>
  one.sidecar.logged.filter((line) => line["event"] === event);
