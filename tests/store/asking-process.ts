/** Asks a database from a process of its own: `bun asking-process.ts <file> <sql>` prints the first column as JSON. */
import { openDatabase } from "../../src/store/database.ts";
import { columnOf, optionsFor } from "./store-fixture.ts";

async function main([path = "", sql = ""]: readonly string[]): Promise<void> {
  const database = await openDatabase(optionsFor(path));
  console.log(JSON.stringify(await columnOf(database, sql)));
  await database.close();
}

if (import.meta.main) await main(process.argv.slice(2));

function command(path: string, sql: string): string[] {
  return [process.execPath, import.meta.path, path, sql];
}

/** The first column of what a query gives. A connection of this process would be in the way of what a test does to the file. */
export async function askElsewhere(path: string, sql: string): Promise<readonly unknown[]> {
  const child = Bun.spawn(command(path, sql), { stdout: "pipe", stderr: "pipe" });
  const [text, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(errors);
  return [JSON.parse(text)].flat();
}

/** The same, while this thread waits. */
export function askElsewhereNow(path: string, sql: string): readonly unknown[] {
  return [JSON.parse(Bun.spawnSync(command(path, sql)).stdout.toString())].flat();
}
