import { describe, expect, test } from "bun:test";
import { openConsole } from "./console.ts";

const ssh = { SSH_CLIENT: "203.0.113.9 51000 22" };
const warning = /^your own address .*$/m;

interface Case {
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: readonly string[];
  readonly before?: readonly string[];
  readonly command?: string;
}

async function warned({ environment = ssh, settings = [], before = [], command }: Case): Promise<string | null> {
  await using console = openConsole({ environment, settings });
  await console.lull("site add b.example");
  for (const each of before) expect((await console.lull(each)).code).toBe(0);
  return warning.exec((await console.lull(command ?? "setmaintenance on --offline")).err)?.[0] ?? null;
}

const held = (address: string, options: string) =>
  `your own address ${address} is held too, as far as visits come from it; to let it in: lull exempt add --network ${address} --for 8h${options}`;

describe("who closes sites is told that they hold him too", () => {
  test.each<[string, Case, string | null]>([
    ["by SSH_CLIENT", {}, held("203.0.113.9", " --site 1")],
    [
      "by SSH_CONNECTION",
      { environment: { SSH_CONNECTION: "203.0.113.9 1 10.0.0.1 22" } },
      held("203.0.113.9", " --site 1"),
    ],
    ["by IPv6", { environment: { SSH_CLIENT: "2001:DB8::9 1 22" } }, held("2001:db8::9", " --site 1")],
    [
      "by a mapped address",
      { environment: { SSH_CLIENT: "::ffff:203.0.113.9 1 22" } },
      held("203.0.113.9", " --site 1"),
    ],
    ["by an address with a zone", { environment: { SSH_CLIENT: "fe80::1%eth0 1 22" } }, held("fe80::1", " --site 1")],
    ["of several sites", { command: "setmaintenance on 2 1 2 --offline" }, held("203.0.113.9", " --site 2,1")],
    ["of all", { command: "setmaintenance on --all --offline" }, held("203.0.113.9", " --site 1,2")],
    [
      "of a site where another network passes",
      { before: ["exempt add --network 10.0.0.0/8"] },
      held("203.0.113.9", " --site 1"),
    ],
    [
      "of the one of two where he does not pass",
      { before: ["exempt add --network 203.0.113.9 --site 2"], command: "setmaintenance on --all --offline" },
      held("203.0.113.9", " --site 1"),
    ],
    ["although the front page passes", { before: ["exempt add --exact /"] }, held("203.0.113.9", " --site 1")],
    ["although it was closed already", { before: ["setmaintenance on --offline"] }, held("203.0.113.9", " --site 1")],
    ["by downtime_start", { command: "downtime_start --offline" }, held("203.0.113.9", "")],
    ["by downtime_start on a site", { command: "downtime_start --offline --site 2" }, held("203.0.113.9", " --site 2")],
    [
      "before it is done",
      { command: "setmaintenance on --dry-run" },
      held("203.0.113.9", " --site 1").replace(" is held", " would be held"),
    ],
    ["when no sidecar has closed yet", { command: "setmaintenance on" }, held("203.0.113.9", " --site 1")],
    ["not when nobody came by SSH", { environment: {} }, null],
    ["not when it cannot be read", { environment: { SSH_CLIENT: "UNKNOWN 1 22" } }, null],
    ["not when it is empty", { environment: { SSH_CLIENT: "" } }, null],
    ["not when it has more in it", { environment: { SSH_CLIENT: "$(reboot) 203.0.113.9" } }, null],
    ["not by an exempt network", { before: ["exempt add --network 203.0.113.0/24"] }, null],
    ["not by one that expires later", { before: ["exempt add --network 203.0.113.0/24 --for 1h"] }, null],
    ["not by internal_ips", { settings: ['internal_ips = ["203.0.113.0/24"]'] }, null],
    ["not when it opens", { before: ["setmaintenance on --offline"], command: "setmaintenance off" }, null],
    ["not of no site", { command: "setmaintenance on 7 -i --offline" }, null],
    ["not when reading goes on", { command: "downtime_start --mode readonly --offline" }, null],
    [
      "not when all sites let him in",
      { before: ["exempt add --network 203.0.113.9"], command: "downtime_start --offline" },
      null,
    ],
  ])("%s", async (_, parts, line) => {
    expect(await warned(parts)).toBe(line);
  });

  test("the command that it names lets him in, and an expired one does not", async () => {
    await using console = openConsole({ environment: ssh });
    const { err } = await console.lull("setmaintenance on --offline");
    const command = /let it in: lull (.*)$/m.exec(err)?.[1] ?? "";
    expect((await console.lull(command)).code).toBe(0);
    expect(await console.json("explain --ip 203.0.113.9")).toMatchObject({ why: "exempt-network" });
    expect((await console.lull("setmaintenance on --offline")).err).not.toMatch(warning);
    console.clock.elapsedMs = 8 * 3_600_000;
    expect((await console.lull("setmaintenance on --offline")).err).toMatch(warning);
  });

  test("the command finds the same database", async () => {
    await using console = openConsole({ environment: ssh });
    const { err } = await console.call("setmaintenance", "on", "--offline", "--database", console.file("it's.db"));
    expect(err).toContain(` --site 1 --database '${console.file("it'\\''s.db")}'\n`);
  });

  test("--json has it, and stays quiet where nothing is held", async () => {
    await using console = openConsole({ environment: ssh });
    const command = "lull exempt add --network 203.0.113.9 --for 8h --site 1";
    const { lockedOut } = await console.json("setmaintenance on --offline");
    expect(lockedOut).toEqual({ address: "203.0.113.9", sites: [1], command });
    await console.lull("exempt add --network 203.0.113.9");
    expect(await console.json("setmaintenance on --offline")).toMatchObject({ lockedOut: null });
  });
});
