import { join } from "node:path";
import type { Database } from "../../src/store/database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Benchmark, figure, note, type Row } from "./benchmark.ts";
import { openCheckConnection } from "./check-connection.ts";
import { hostOf, tenExemptions } from "./closed-sites.ts";
import { openBenchDatabase } from "./database-setup.ts";
import { readFigures } from "./figures.ts";
import { residentMegabytes } from "./process-figures.ts";
import { databaseUrl, type ServerProcess, startSidecar } from "./server-process.ts";
import { inTurn, median } from "./statistics.ts";
import { checkRequest } from "./visits.ts";

const siteCount = 10_000;
const rounds = 3;
const seconds = 2;
const mostMilliseconds = 20;
const pauseMs = 150;
const kinds = ["nothing", "one", "all"] as const;
type Kind = (typeof kinds)[number];

/** How long a new snapshot of 10,000 sites keeps a sidecar from answering, seen from outside. */
export const swapGap: Benchmark = {
  name: "swap-gap",
  async run() {
    await using folder = temporaryFolder();
    const database = await openBenchDatabase(databaseUrl(folder, "many"));
    await addSites(database);
    const startedMs = performance.now();
    await using sidecar = await startSidecar({ folder, name: "many" });
    const startMs = performance.now() - startedMs;
    await visitAll(sidecar);
    const servedAfterMs: Record<Kind, number[]> = { nothing: [], one: [], all: [] };
    const longest = await inTurn(kinds, rounds, async (kind) => {
      const client = await startClient(sidecar);
      const endsMs = performance.now() + seconds * 1000 - pauseMs;
      while (performance.now() < endsMs) {
        const revision = await changeSites(database, kind);
        servedAfterMs[kind].push(await servedAfter(database, revision));
        await Bun.sleep(pauseMs);
      }
      return client.longestMilliseconds();
    });
    const memory = residentMegabytes(sidecar.pid);
    await database.close();
    const base = Math.max(...longest("nothing"));
    const row = (what: string, kind: Kind): Row => {
      const worst = Math.max(...longest(kind));
      const served = `served after ${figure(median(servedAfterMs[kind]))} ms`;
      return {
        what: `longest answer while ${what}`,
        toReach: `${mostMilliseconds} ms`,
        measured: `${figure(worst)} ms (else ${figure(base)} ms); ${served}`,
        reached: worst <= mostMilliseconds,
      };
    };
    return [
      row("1 of 10,000 sites changes", "one"),
      row("all of 10,000 sites change", "all"),
      note("start with 10,000 sites", `${figure(startMs)} ms; ${figure(memory)} MB after these changes`),
    ];
  },
};

/** Straight into the tables: 10,000 actions would take minutes. The sidecar is not there yet. */
async function addSites(database: Database): Promise<void> {
  const transaction = await database.client.transaction("write");
  const insertSite = "INSERT INTO site (id, domain, name, message) VALUES (?, ?, '', '')";
  const insertExemption = "INSERT INTO exemption (site_id, kind, value, description) VALUES (?, ?, ?, '')";
  const insertPeriod = `INSERT INTO period (site_id, name, start_at, enabled, mode, reason, message, owner)
    VALUES (?, 'maintenance', 1, 1, 'full', '', '', 'bench')`;
  for (let id = 2; id <= siteCount; id++) {
    await transaction.execute({ sql: insertSite, args: [id, hostOf(id)] });
    await transaction.execute({ sql: insertPeriod, args: [id] });
    for (const { kind, value } of tenExemptions(id)) {
      await transaction.execute({ sql: insertExemption, args: [id, kind, value] });
    }
  }
  await transaction.execute("UPDATE meta SET revision = revision + 1");
  await transaction.commit();
}

/** So that the exemptions of all sites are in use, and the heap is as large as it gets. */
async function visitAll(sidecar: ServerProcess): Promise<void> {
  const connection = await openCheckConnection(sidecar.port);
  for (let id = 1; id <= siteCount; id++) await connection.ask(checkRequest(hostOf(id)));
  connection.close();
}

/** What an action leaves behind: rows, an audit row for each site, the next revision. */
async function changeSites(database: Database, kind: Kind): Promise<number> {
  const chosen = { nothing: "0", one: "id = 77", all: "1" }[kind];
  const statements = [
    `UPDATE site SET message = 'at ' || hex(randomblob(8)) WHERE ${chosen}`,
    `INSERT INTO audit (revision, at, actor, action, site_id, reason)
      SELECT (SELECT revision + 1 FROM meta), 1, 'bench', 'site.set', id, '' FROM site WHERE ${chosen}`,
    `UPDATE meta SET revision = revision + ${kind === "nothing" ? 0 : 1}`,
  ];
  await database.client.batch(statements, "write");
  const { rows } = await database.client.execute("SELECT revision FROM meta");
  return Number(rows[0]?.["revision"]);
}

/** Milliseconds until the sidecar says that it serves the revision. */
async function servedAfter(database: Database, revision: number): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const { rows } = await database.client.execute("SELECT max(revision) AS revision FROM sidecar");
    if (Number(rows[0]?.["revision"]) >= revision) return performance.now() - startedMs;
    if (performance.now() - startedMs > 20_000) throw new Error(`revision ${revision} is not served after 20 s`);
    await Bun.sleep(5);
  }
}

async function startClient(sidecar: ServerProcess) {
  const script = join(import.meta.dir, "steady-client.ts");
  const words = [sidecar.port, seconds, siteCount].map(String);
  const child = Bun.spawn([process.execPath, script, ...words], { stdout: "pipe" });
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = decoder.decode((await reader.read()).value);
  return {
    async longestMilliseconds(): Promise<number> {
      for (let part = await reader.read(); !part.done; part = await reader.read()) text += decoder.decode(part.value);
      return readFigures(text, script)("longest");
    },
  };
}
