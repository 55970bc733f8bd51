/**
 * Closes or opens all sites from a process of its own: `bun holding-process.ts <file> on|off <at once|when told>`.
 * Prints "asked" when it has read the clock for its command line, and, `when told`, "locked" when it holds the database
 * locked, which it does until its standard input ends. Prints what it did, as JSON.
 */
import { readSync } from "node:fs";
import { beginHold, endHolds, maintenanceName } from "../../src/actions/hold.ts";
import type { ChangeContext } from "../../src/store/change.ts";
import { openDatabase } from "../../src/store/database.ts";
import { optionsFor } from "../store/store-fixture.ts";

export type Pace = "at once" | "when told";

async function main([path = "", verb, pace]: readonly string[]): Promise<void> {
  const database = await openDatabase(optionsFor(path));
  const context: ChangeContext = {
    actor: "ada@desk",
    now: Date.now(),
    clock() {
      if (pace === "when told") {
        console.log("locked");
        // The transaction must not go on meanwhile.
        readSync(0, new Uint8Array(1));
      }
      return Date.now();
    },
    reason: "",
    dryRun: false,
  };
  console.log("asked");
  const held = { sites: null, name: maintenanceName, end: null, mode: "full", whenShorter: "keep" } as const;
  const done =
    verb === "on"
      ? (await beginHold(database, context, held)).result.map(({ kind }) => kind)
      : (await endHolds(database, context, { siteIds: null, name: null })).result.map(() => "ended");
  console.log(JSON.stringify(done));
  await database.close();
}

if (import.meta.main) await main(process.argv.slice(2));

export interface HoldingProcess extends AsyncDisposable {
  /** Returns when it has printed this line. */
  printed(line: string): Promise<void>;
  /** Lets one that waits to be told go on. */
  tell(): Promise<void>;
  /** What it did, when it has ended. */
  done(): Promise<unknown>;
}

export function startHolding(path: string, verb: "on" | "off", pace: Pace): HoldingProcess {
  const child = Bun.spawn([process.execPath, import.meta.path, path, verb, pace], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const readMore = async () => {
    const { value } = await reader.read();
    text += decoder.decode(value, { stream: true });
    return value !== undefined;
  };
  return {
    async printed(line) {
      while (!text.includes(`${line}\n`))
        if (!(await readMore())) throw new Error(`it ended without "${line}": ${text}`);
    },
    async tell() {
      await child.stdin.end();
    },
    async done() {
      while (await readMore());
      if ((await child.exited) !== 0) throw new Error(`it failed: ${text}`);
      return JSON.parse(text.trim().split("\n").at(-1) ?? "");
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
