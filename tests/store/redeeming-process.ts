/** Redeems a bypass from a process of its own, when its standard input ends: `bun redeeming-process.ts <file> <number>`. */
import { redeemBypass } from "../../src/store/bypasses.ts";
import { openDatabase } from "../../src/store/database.ts";
import { now, optionsFor } from "./store-fixture.ts";

async function main([path = "", id = ""]: readonly string[]): Promise<void> {
  const database = await openDatabase(optionsFor(path));
  console.log("ready");
  await Bun.stdin.bytes();
  console.log(await redeemBypass(database, { id: Number(id), siteId: 1, now }));
  await database.close();
}

if (import.meta.main) await main(process.argv.slice(2));

/** One that is about to redeem. */
export interface RedeemingProcess {
  /** Lets it go on; gives what came of it. */
  redeem(): Promise<string>;
}

/** Returns when it is ready. */
export async function startRedeemingProcess(path: string, id: number): Promise<RedeemingProcess> {
  const child = Bun.spawn([process.execPath, import.meta.path, path, String(id)], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader.read();
  if (first.value?.trim() !== "ready") throw new Error("the process did not get ready");
  return {
    async redeem() {
      await child.stdin.end();
      const { value = "" } = await reader.read();
      await child.exited;
      return value.trim();
    },
  };
}
