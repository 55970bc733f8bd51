import { startSidecar } from "../../src/app.ts";
import { settingsOf } from "../../src/cli/config-for.ts";
import { loadConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { type Sidecar, upsertSidecar } from "../../src/store/sidecars.ts";
import { type Console, hourMs, noon } from "./console.ts";

/** A sidecar that has registered, and serves what it served two hours ago. */
export async function registerGhost(console: Console, change: Partial<Sidecar> = {}): Promise<void> {
  await console.lull("migrate");
  const database = await console.open();
  try {
    await upsertSidecar(database.orm, {
      instance: "ghost-1",
      hostname: "web7",
      processId: 4711,
      listen: "127.0.0.1:8503",
      version: "0.1.0",
      startedAt: noon - 5 * hourMs,
      seenAt: noon - 2 * hourMs,
      revision: 1,
      rollCall: 0,
      ...change,
    });
  } finally {
    await database.close();
  }
}

/** A whole sidecar on the console's database. */
export async function startReal(console: Console) {
  await console.lull("migrate");
  const environment = { LULL_CONFIG: console.file("lull.toml"), LULL_LISTEN: "127.0.0.1:0" };
  const config = loadConfig({ flags: {}, environment, machine: console.machine });
  const log = createLog({ level: () => "error", now: Date.now, write: () => {} });
  const options = {
    config,
    settings: settingsOf(config),
    source: "database",
    takeover: false,
    log,
    now: Date.now,
  } as const;
  const sidecar = await startSidecar(options);
  // It serves first, and registers then.
  while ((await console.lull("sidecar list")).err !== "") await Bun.sleep(1);
  return {
    ask: async () => (await fetch(`http://${sidecar.addresses[0]}/status/1/up`)).status,
    [Symbol.asyncDispose]: () => sidecar.stop(),
  };
}
