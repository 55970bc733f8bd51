/** Opens and migrates a database as another user: `bun opening-process.ts <file> <group or -> <make|read>`. Prints the fault or "ok". */
import { openDatabase, openOrCreateDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { readSites } from "../../src/store/sites.ts";
import { optionsFor } from "./store-fixture.ts";

async function main([path = "", group = "-", how]: readonly string[]): Promise<void> {
  process.umask(0o077);
  const options = { ...optionsFor(path), groupId: group === "-" ? null : Number(group) };
  try {
    const database = await (how === "make" ? openOrCreateDatabase(options) : openDatabase(options));
    if (how === "make") await migrate(database, Date.now());
    await readSites(database.orm);
    await database.close();
    console.log("ok");
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
  }
}

if (import.meta.main) await main(process.argv.slice(2));

export interface User {
  readonly userId: number;
  readonly groupId: number;
}

/** Only root can become somebody else. */
export const canBecomeOthers = process.geteuid?.() === 0 && Bun.which("setpriv") !== null;

export async function openAs(
  user: User,
  path: string,
  options: { readonly group?: number; readonly how: "make" | "read" },
) {
  const become = ["setpriv", `--reuid=${user.userId}`, `--regid=${user.groupId}`, "--clear-groups"];
  const command = [process.execPath, import.meta.path, path, String(options.group ?? "-"), options.how];
  const child = Bun.spawn([...become, ...command], { stdout: "pipe", stderr: "inherit", cwd: "/" });
  return (await child.stdout.text()).trim();
}
