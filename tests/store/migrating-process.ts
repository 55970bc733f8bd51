/** Migrates a database from a process of its own: `bun migrating-process.ts <file> newest|further`. Prints the result as JSON. */
import { openOrCreateDatabase } from "../../src/store/database.ts";
import { migrate, migrations } from "../../src/store/migrate.ts";
import { optionsFor, withOneMore } from "./store-fixture.ts";

async function main([path = "", upTo]: readonly string[]): Promise<void> {
  const database = await openOrCreateDatabase(optionsFor(path));
  console.log(JSON.stringify(await migrate(database, Date.now(), upTo === "further" ? withOneMore() : migrations)));
  await database.close();
}

if (import.meta.main) await main(process.argv.slice(2));

export function startMigratingProcess(path: string, upTo: "newest" | "further") {
  return Bun.spawn([process.execPath, import.meta.path, path, upTo], { stdout: "pipe", stderr: "pipe" });
}
