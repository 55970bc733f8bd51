/** Migrates a database from a process of its own: `bun migrating-process.ts <file> first|second`. Prints the result as JSON. */
import { openOrCreateDatabase } from "../../src/store/database.ts";
import { migrate, migrations } from "../../src/store/migrate.ts";
import { optionsFor, withSecond } from "./store-fixture.ts";

async function main([path = "", upTo]: readonly string[]): Promise<void> {
  const database = await openOrCreateDatabase(optionsFor(path));
  console.log(JSON.stringify(await migrate(database, Date.now(), upTo === "second" ? withSecond() : migrations)));
  await database.close();
}

if (import.meta.main) await main(process.argv.slice(2));

export function startMigratingProcess(path: string, upTo: "first" | "second") {
  return Bun.spawn([process.execPath, import.meta.path, path, upTo], { stdout: "pipe", stderr: "pipe" });
}
