import { describe, expect, test } from "bun:test";
import { type RunningSidecar, startSidecar } from "../src/app.ts";
import { settingsOf } from "../src/cli/config-for.ts";
import { loadConfig } from "../src/config.ts";
import { createLog } from "../src/log.ts";
import { selectBypasses, selectBypassKeys } from "../src/store/bypasses.ts";
import { type Console, noon, openConsole } from "./cli/console.ts";

/** A whole sidecar on the console's database by the clock of the machine, and all that it logs. */
async function startLogged(console: Console) {
  const environment = { LULL_CONFIG: console.file("lull.toml"), LULL_LISTEN: "127.0.0.1:0" };
  const config = loadConfig({ flags: {}, environment, machine: console.machine });
  const logged: string[] = [];
  const log = createLog({ level: () => "debug", now: Date.now, write: (line) => void logged.push(line) });
  const options = { config, settings: settingsOf(config), source: "database", takeover: false, log } as const;
  const sidecar = await startSidecar({ ...options, now: Date.now });
  return { sidecar, logged, [Symbol.asyncDispose]: () => sidecar.stop() };
}

function ask(sidecar: RunningSidecar, method: string, token: string): Promise<Response> {
  return fetch(`http://${sidecar.addresses[0]}/public`, {
    method,
    redirect: "manual",
    headers: {
      "X-Forwarded-Host": "shop.example",
      "X-Forwarded-Uri": `/.lull/bypass/${token}`,
      "X-Forwarded-Method": method,
      "X-Forwarded-Proto": "https",
    },
  });
}

describe("a sidecar", () => {
  test("redeems through its database thread, and logs nothing by which anybody could enter", async () => {
    await using console = openConsole();
    console.clock.elapsedMs = Date.now() - noon;
    await console.lull("site add shop.example");
    const made = await console.call("bypass", "create", "--site", "2", "--path", "/checkout", "--single-use");
    const token = made.out.trim().slice(-43);
    await using running = await startLogged(console);
    const { sidecar, logged } = running;
    expect((await ask(sidecar, "GET", token)).status).toBe(200);
    const redeemed = await ask(sidecar, "POST", token);
    expect([redeemed.status, redeemed.headers.get("location")]).toEqual([303, "/checkout"]);
    expect((await ask(sidecar, "POST", token)).status).toBe(404);
    const [cookie = ""] = (redeemed.headers.get("set-cookie") ?? "").split(";");
    const database = await console.open();
    const hash = (await selectBypasses(database.orm))[0]?.tokenHash ?? "";
    const key = (await selectBypassKeys(database.orm))[0]?.secret ?? "";
    await database.close();
    const audit = (await console.lull("audit")).out;
    expect(audit).toMatch(/visitor +bypass\.redeem/);
    const text = logged.join("") + audit;
    expect(text).toContain('"snapshot"');
    for (const secret of [token, hash, key, cookie.slice(-43)]) {
      expect(secret.length).toBe(43);
      expect(text.includes(secret)).toBe(false);
    }
  });
});
