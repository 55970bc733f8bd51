import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";
import { startLoad } from "./load.ts";
import type { OnFailure } from "./lull-configuration.ts";
import type { VisitParts } from "./visit.ts";

/** What 00-lull.conf says: for how long a sidecar that failed is not asked. */
const FAIL_TIMEOUT_MS = 2_000;
/** nginx compares whole seconds, and what the test itself takes. */
const RECOVERY_MS = FAIL_TIMEOUT_MS + 1_000 + 700;
/** The longest that one visitor waits for a sidecar that hangs: proxy_read_timeout, and what the test itself takes. */
const HANGING_MS = 500 + 1_000;

const SERVERS = server(
  "_",
  `include snippets/lull.conf;
  location / { proxy_pass http://app; ${APPLICATION} }
  location /denied/ { deny all; proxy_pass http://app; }`,
);

/** What operators have at this level, and what our own server there must not inherit. */
const HTTP = `
  error_page 403 /403.html;
  error_page 404 /404.html;
  error_page 500 502 503 504 =200 /50x.html;
  proxy_intercept_errors on;
`;

/** Every visit gets this, whatever its site is. */
const WHILE_AWAY: Readonly<Record<OnFailure, string>> = { open: "pass", closed: "held by nginx" };

const VISITS: readonly (readonly [sentence: string, parts: VisitParts])[] = [
  ["GET", {}],
  ["HEAD", { method: "HEAD" }],
  ["POST with 100 KB", { method: "POST", target: "/echo", body: "x".repeat(102_400) }],
  ["who asks for JSON", { headers: ["Accept: application/json"] }],
  ["an exempt path", { target: "/admin/" }],
];

const FAILURES: readonly (readonly [sentence: string, away: NodeJS.Signals])[] = [
  ["killed", "SIGKILL"],
  ["frozen", "SIGSTOP"],
];

describe.skipIf(await lacksGate()).each(["open", "closed"] as const)("on failure %s", (onFailure) => {
  let gate: Gate;
  beforeEach(async () => {
    gate = await startGate({ servers: SERVERS, onFailure, http: HTTP });
    await gate.lull.command("site", "add", "closed.test");
    await gate.lull.command("setmaintenance", "on", "closed.test");
  });
  afterEach(() => gate.stop());

  async function outcomeOf(host: string, parts: VisitParts = {}): Promise<string> {
    return (await gate.visit({ ...parts, host })).outcome;
  }

  /** Until the sidecar is asked again; answers after how many milliseconds. */
  async function recovery(): Promise<number> {
    const startedMs = performance.now();
    while ((await outcomeOf("closed.test")) !== "held" || (await outcomeOf("open.test")) !== "pass") {
      if (performance.now() - startedMs > 10_000) throw new Error("the sidecar is not asked again");
      await Bun.sleep(10);
    }
    return performance.now() - startedMs;
  }

  test.each(FAILURES)(
    "a sidecar that is %s: every visitor is answered as configured, until it is back",
    async (_, signal) => {
      expect([await outcomeOf("open.test"), await outcomeOf("closed.test")]).toEqual(["pass", "held"]);
      gate.sidecar?.kill(signal);
      const visitors = Array.from({ length: 50 }, async (_each, number) => {
        const startedMs = performance.now();
        const outcome = await outcomeOf(number % 2 === 0 ? "open.test" : "closed.test");
        return { outcome, late: performance.now() - startedMs > HANGING_MS };
      });
      expect(await Promise.all(visitors)).toEqual(Array(50).fill({ outcome: WHILE_AWAY[onFailure], late: false }));
      for (const [, parts] of VISITS) {
        expect(await outcomeOf("open.test", parts)).toBe(WHILE_AWAY[onFailure]);
        expect(await outcomeOf("closed.test", parts)).toBe(WHILE_AWAY[onFailure]);
      }
      expect(await outcomeOf("open.test", { target: "/denied/x" })).toBe("403");
      expect((await gate.visit({ target: "/.lull/up" })).response.status).toBe(onFailure === "open" ? 204 : 503);

      if (signal === "SIGSTOP") gate.sidecar?.kill("SIGCONT");
      // It finds the socket file of the killed one.
      else await gate.lull.serve();
      expect(await recovery()).toBeLessThan(RECOVERY_MS);
    },
    30_000,
  );

  test("a sidecar that hangs costs a visitor now and then half a second, the others nothing", async () => {
    gate.sidecar?.kill("SIGSTOP");
    const waits: number[] = [];
    const untilMs = performance.now() + 4_000;
    while (performance.now() < untilMs) {
      const startedMs = performance.now();
      expect(await outcomeOf("open.test")).toBe(WHILE_AWAY[onFailure]);
      waits.push(performance.now() - startedMs);
    }
    const slow = waits.filter((wait) => wait > 400);
    expect(slow.length).toBeGreaterThanOrEqual(1);
    expect(slow.length).toBeLessThanOrEqual(3);
    expect(Math.max(...slow)).toBeLessThan(HANGING_MS);
    expect(waits.length).toBeGreaterThan(200);
  }, 30_000);
});

describe.skipIf(await lacksGate())("a sidecar that does not know yet", () => {
  test.each(["open", "closed"] as const)(
    "on failure %s: its database is locked when it starts",
    async (onFailure) => {
      await using gate = await startGate({ serve: null, onFailure });
      await gate.lull.command("setmaintenance", "on", "--offline");
      const locked = lock(gate.lull.database);
      try {
        const sidecar = await gate.lull.serve();
        expect((await gate.visit({ target: "/.lull/up" })).response.status).toBe(503);
        const load = startLoad({ address: gate.address, visit: {}, connections: 4 });
        while (load.answered() < 500) await Bun.sleep(5);
        expect([...(await load.stop()).keys()]).toEqual([onFailure === "open" ? "200" : "503"]);
        for (const [, parts] of VISITS) expect((await gate.visit(parts)).outcome).toBe(WHILE_AWAY[onFailure]);
        expect(await sidecar.log()).toContain("database-fault");
      } finally {
        locked.close();
      }
      const startedMs = performance.now();
      while ((await gate.visit()).outcome !== "held") {
        expect(performance.now() - startedMs).toBeLessThan(RECOVERY_MS + 1_000);
        await Bun.sleep(10);
      }
    },
    30_000,
  );
});

/** Nobody else can read or write from here until it is closed. */
function lock(path: string): Database {
  const database = new Database(path);
  database.run("PRAGMA locking_mode = EXCLUSIVE");
  database.run("BEGIN EXCLUSIVE");
  return database;
}
