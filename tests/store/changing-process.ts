/** Changes a database from a process of its own: `bun changing-process.ts <file> <how many> <actor>` adds that many sites. */
import { addSite } from "../../src/actions/sites.ts";
import { openOrCreateDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { optionsFor } from "./store-fixture.ts";

async function main([path = "", count = "0", actor = ""]: readonly string[]): Promise<void> {
  const database = await openOrCreateDatabase(optionsFor(path));
  await migrate(database, Date.now());
  for (let index = 0; index < Number(count); index++) {
    const request = { domain: `${actor}-${index}.example`, name: "", message: "", redirectUrl: "", origins: [] };
    const { revision } = await addSite(
      database,
      { actor, now: Date.now(), clock: Date.now, reason: "", dryRun: false },
      request,
    );
    console.log(revision);
  }
  await database.close();
}

if (import.meta.main) await main(process.argv.slice(2));

/** Starts it. What it prints are the revisions that it made. */
export function startChangingProcess(path: string, count: number, actor: string) {
  return Bun.spawn([process.execPath, import.meta.path, path, String(count), actor], {
    stdout: "pipe",
    stderr: "pipe",
  });
}
