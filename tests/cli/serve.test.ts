import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { announcement } from "../../src/cli/announcement.ts";
import { loadConfig } from "../../src/config.ts";
import { type ConsoleParts, openConsole } from "./console.ts";

const main = join(import.meta.dir, "../../src/main.ts");

async function announced(source: "database" | "closed", { settings = [] }: ConsoleParts = {}) {
  await using console = openConsole({ settings });
  const environment = { LULL_CONFIG: console.file("lull.toml") };
  const config = loadConfig({ flags: {}, environment, machine: console.machine });
  const rest = { addresses: ["127.0.0.1:8503", "unix:/run/lull/lull.sock"], program: "lull", processId: 4711 };
  return { path: console.path, lines: announcement({ config, source, options: " --config x.toml", ...rest }) };
}

describe("serve says, in five lines,", () => {
  test("which database it uses, and how to close and to open", async () => {
    const { path, lines } = await announced("database");
    expect(lines).toEqual([
      expect.stringMatching(/^lull \S+ listens on 127\.0\.0\.1:8503 and unix:\/run\/lull\/lull\.sock$/),
      `database: ${path}`,
      "close the site:  lull setmaintenance on --config x.toml",
      "open the site:   lull setmaintenance off --config x.toml    (lull status --config x.toml shows how it stands)",
      'put nginx in front:  the two files in README.md under "Put nginx in front"',
    ]);
  });

  test("with --closed, that every site is, how long, what passes all the same, and how to open", async () => {
    const { lines } = await announced("closed", { settings: ['internal_ips = ["10.0.0.0/8"]'] });
    expect(lines).toEqual([
      expect.stringContaining("listens on 127.0.0.1:8503"),
      "every site is closed until this process ends; there is no database, so other commands change nothing here",
      "still reachable: everything from 10.0.0.0/8, /admin, /robots.txt, /.well-known/acme-challenge, /.well-known/security.txt",
      "open the sites:  stop this process (kill 4711), and start lull serve --config x.toml without --closed",
      'put nginx in front:  the two files in README.md under "Put nginx in front"',
    ]);
    expect(lines.join("\n")).not.toContain("setmaintenance");
  });

  test("with --closed, that nothing passes", async () => {
    const { lines } = await announced("closed", { settings: ["admin_ignored_urls = []", "default_exemptions = []"] });
    expect(lines[2]).toBe("nothing stays reachable");
  });
});

test("serve --closed is what its lines say: closed, without a database, until it is stopped", async () => {
  await using console = openConsole();
  const config = console.file("serve.toml");
  await Bun.write(config, `database = "file:${console.path}"\nlisten = ["127.0.0.1:0"]\n`);
  const sidecar = Bun.spawn([process.execPath, main, "serve", "--closed", "--config", config], {
    stdout: "pipe",
    stderr: "ignore",
  });
  try {
    let said = "";
    const decoder = new TextDecoder();
    for await (const part of sidecar.stdout) {
      said += decoder.decode(part, { stream: true });
      if (said.split("\n").length > 5) break;
    }
    expect(said.split("\n")[1]).toStartWith("every site is closed until this process ends");
    expect(said.split("\n")[3]).toContain(`stop this process (kill ${sidecar.pid})`);
    const address = /listens on (\S+)/.exec(said)?.[1] ?? "";
    expect((await fetch(`http://${address}/status/1/up`)).status).toBe(503);
    expect(await Bun.file(console.path).exists()).toBe(false);
    sidecar.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
  } finally {
    sidecar.kill("SIGKILL");
    await sidecar.exited;
  }
});
