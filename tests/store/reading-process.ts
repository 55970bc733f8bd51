/** `bun reading-process.ts <file>` prints the revision that the only sidecar of the database says that it serves. */
import { openDatabase } from "../../src/store/database.ts";
import { readSidecars } from "../../src/store/sidecars.ts";
import { optionsFor } from "./store-fixture.ts";

async function main([path = ""]: readonly string[]): Promise<void> {
  const database = await openDatabase(optionsFor(path));
  const [row] = await readSidecars(database.orm);
  console.log(row?.revision);
  await database.close();
}

if (import.meta.main) await main(process.argv.slice(2));
