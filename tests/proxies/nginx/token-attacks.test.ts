import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { type KeyServer, startKeyServer } from "../../staff/key-server.ts";
import { audience, issuer, sign } from "../../staff/token-builders.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";
import { claimsNow, FORGERIES, gatherTokens, headers, MISPLACEMENTS, type TokenLoot } from "./token-vectors.ts";
import type { VisitParts } from "./visit.ts";

const servers = server(
  "_",
  `include snippets/lull.conf;
  add_header X-Lull $lull always;
  add_header X-Lull-Why $lull_why always;
  location / { proxy_pass http://app; ${APPLICATION} }`,
);
const claimSettings = {
  jwt_issuer: issuer,
  jwt_audience: audience,
  jwt_cookie: "jwt",
  jwt_staff: "groups: staff",
  jwt_superuser: "groups: admin",
};
const loot = await gatherTokens();
const bearer = (token: string) => headers(`Authorization: Bearer ${token}`);
const cookie = (token: string) => headers(`Cookie: jwt=${token}`);
const manyCookies = Array.from({ length: 100 }, (_, index) => `c${index}=${index}`).join("; ");

async function closedGate(settings: Readonly<Record<string, string>>): Promise<Gate> {
  const gate = await startGate({ settings: { ...claimSettings, ...settings }, servers });
  await gate.lull.command("setmaintenance", "on");
  return gate;
}

async function outcome(gate: Gate, parts: VisitParts): Promise<string> {
  const visited = await gate.visit(parts);
  const why = visited.response.header("X-Lull-Why");
  return why === null ? visited.outcome : `${visited.outcome} as ${why}`;
}

describe.skipIf(await lacksGate())("while closed, by tokens of an issuer's keys", () => {
  let keys: KeyServer;
  let gate: Gate;
  beforeAll(async () => {
    keys = startKeyServer(loot.published);
    gate = await closedGate({ jwt_keys: keys.url });
  }, 60_000);
  afterAll(async () => {
    await gate.stop();
    await keys[Symbol.asyncDispose]();
  });

  test.each<[string, (loot: TokenLoot) => VisitParts | Promise<VisitParts>, string]>([
    ["staff, in the header", ({ staff }) => bearer(staff), "staff"],
    ["staff, in the header in small letters", ({ staff }) => headers(`authorization: bearer ${staff}`), "staff"],
    ["staff, in the cookie", ({ staff }) => cookie(staff), "staff"],
    ["staff, among 100 cookies", ({ staff }) => headers(`Cookie: ${manyCookies}; jwt=${staff}`), "staff"],
    ["staff, in the cookie, with a user's in the header", both, "staff"],
    ["staff, by elliptic curves", async ({ elliptic }) => bearer(await sign(elliptic, claimsNow())), "staff"],
    ["staff, by Ed25519", async ({ edwards }) => bearer(await sign(edwards, claimsNow())), "staff"],
    ["staff, with 5 KB of claims", async ({ rsa }) => bearer(await sign(rsa, long())), "staff"],
    ["staff, posting", ({ staff }) => ({ ...bearer(staff), method: "POST", body: "x" }), "staff"],
    ["staff, by an ambiguous path", ({ staff }) => ({ ...bearer(staff), target: "//a/..%2fb" }), "staff"],
    ["a superuser, in the header", ({ superuser }) => bearer(superuser), "superuser"],
    ["a superuser, in the cookie", ({ superuser }) => cookie(superuser), "superuser"],
  ])("%s gets in", async (_, parts, why) => {
    expect(await outcome(gate, await parts(loot))).toBe(`pass as ${why}`);
  });

  test.each(FORGERIES)("nobody gets in by one in the header: %s", async (_, forge) => {
    expect(await outcome(gate, bearer(await forge(loot)))).toBe("held");
  });

  test.each(FORGERIES)("nobody gets in by one in the cookie: %s", async (_, forge) => {
    expect(await outcome(gate, cookie(await forge(loot)))).toBe("held");
  });

  test.each(MISPLACEMENTS)("nobody gets in by one that holds: %s", async (_, parts) => {
    expect(await outcome(gate, parts(loot))).toBe("held");
  });

  test("nobody gets in by two headers of forged ones", async () => {
    const [one = "", two = ""] = await Promise.all(FORGERIES.slice(22, 24).map(([, forge]) => forge(loot)));
    const doubled = headers(`Authorization: Bearer ${one}`, `Authorization: Bearer ${two}`);
    expect(["held", "400"]).toContain(await outcome(gate, doubled));
  });

  test("nobody gets in with any character of the claims changed", async () => {
    const [header = "", claims = "", signature = ""] = loot.staff.split(".");
    const passed: string[] = [];
    for (let at = 0; at < claims.length; at += 7) {
      const other = claims[at] === "A" ? "B" : "A";
      const changed = `${header}.${claims.slice(0, at)}${other}${claims.slice(at + 1)}.${signature}`;
      if ((await outcome(gate, bearer(changed))) !== "held") passed.push(changed);
    }
    expect(passed).toEqual([]);
  }, 30_000);

  test("and all this has neither made nginx take the sidecar for dead, nor asked the issuer again and again", async () => {
    expect(await gate.nginx.errorLog()).not.toMatch(/upstream|auth request/);
    expect(keys.asked.length).toBeLessThanOrEqual(2);
    expect(await outcome(gate, {})).toBe("held");
  });

  test("and nothing of a token stands in any log", async () => {
    const log = await gate.sidecar?.log();
    for (const token of [loot.staff, loot.superuser, loot.user])
      for (const piece of token.split(".").slice(1)) expect(log).not.toContain(piece);
  });
});

describe.skipIf(await lacksGate())("with block_staff, while closed", () => {
  test("staff are held, and superusers get in", async () => {
    await using keys = startKeyServer(loot.published);
    await using gate = await closedGate({ jwt_keys: keys.url, block_staff: "true" });
    for (const by of [bearer, cookie]) {
      expect(await outcome(gate, by(loot.staff))).toBe("held");
      expect(await outcome(gate, by(loot.superuser))).toBe("pass as superuser");
    }
  }, 60_000);
});

describe.skipIf(await lacksGate())("while closed, by tokens of a shared secret", () => {
  const secret = Buffer.alloc(32, "q");
  const by = { algorithm: "HS256", keyId: "x" };
  const folder = temporaryFolder();
  let gate: Gate;
  beforeAll(async () => {
    await writeFile(folder.file("secret"), `${secret}\n`);
    gate = await closedGate({ jwt_secret_file: folder.file("secret") });
  }, 60_000);
  afterAll(async () => {
    await gate.stop();
    await folder.remove();
  });

  test("staff get in", async () => {
    expect(await outcome(gate, bearer(await sign({ ...by, privateKey: secret }, claimsNow())))).toBe("pass as staff");
  });

  test.each<[string, Buffer]>([
    ["another secret", Buffer.alloc(32, "r")],
    ["the line feed of its file, too", Buffer.from(`${secret}\n`)],
    ["zeros", Buffer.alloc(32)],
    ["a part of it", secret.subarray(1)],
    ["its text in base64", Buffer.from(secret.toString("base64"))],
  ])("nobody gets in by %s", async (_, privateKey) => {
    expect(await outcome(gate, bearer(await sign({ ...by, privateKey }, claimsNow())))).toBe("held");
  });

  test("nobody gets in by another hash, or by keys", async () => {
    const longer = { ...by, algorithm: "HS512", privateKey: Buffer.alloc(64, "q") };
    for (const token of [await sign(longer, claimsNow()), loot.staff, loot.superuser])
      expect(await outcome(gate, bearer(token))).toBe("held");
  });
});

function both({ staff, user }: TokenLoot): VisitParts {
  return headers(`Authorization: Bearer ${user}`, `Cookie: jwt=${staff}`);
}

function long() {
  return claimsNow({ filler: "x".repeat(5_000) });
}
