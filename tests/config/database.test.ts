import { describe, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { databaseUrl } from "../../src/config/database.ts";
import type { ConfigSources } from "../../src/config/file.ts";
import { loadConfig } from "../../src/config.ts";
import { LullError } from "../../src/gate/error.ts";
import { machineWith } from "../support/machine.ts";

function databaseOf(parts: Partial<ConfigSources>): string {
  return loadConfig({ flags: {}, environment: {}, machine: machineWith(), ...parts }).database;
}

function faultOf(parts: Partial<ConfigSources>): string {
  try {
    databaseOf(parts);
  } catch (error) {
    if (error instanceof LullError && error.kind === "usage") return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("without a word about it, the database is", () => {
  test.each([
    ["the system's, for root", machineWith({ isRoot: true }), {}, "file:/var/lib/lull/lull.db"],
    [
      "the system's, where its folder is there",
      machineWith({ exists: (path) => path === "/var/lib/lull" }),
      {},
      "file:/var/lib/lull/lull.db",
    ],
    [
      "the system's, where its configuration is there",
      machineWith({ files: { "/etc/lull/lull.toml": "" } }),
      {},
      "file:/var/lib/lull/lull.db",
    ],
    ["the user's", machineWith(), {}, "file:/home/ada/.local/share/lull/lull.db"],
    ["in XDG_DATA_HOME", machineWith(), { XDG_DATA_HOME: "/data/ada" }, "file:/data/ada/lull/lull.db"],
    [
      "the user's, when XDG_DATA_HOME is relative",
      machineWith(),
      { XDG_DATA_HOME: "data" },
      "file:/home/ada/.local/share/lull/lull.db",
    ],
  ])("%s", (_, machine, environment, url) => {
    expect(databaseOf({ machine, environment })).toBe(url);
  });

  test("a fault for a user without a home", () => {
    expect(faultOf({ machine: machineWith({ homeFolder: "" }) })).toContain("no home folder");
  });

  test("the same in every folder", () => {
    for (const workingFolder of ["/", "/var/lib/lull", "/home/ada"]) {
      expect(databaseOf({ machine: machineWith({ workingFolder }) })).toBe("file:/home/ada/.local/share/lull/lull.db");
    }
  });
});

describe("a database that is named", () => {
  test.each([
    ["a URL", "file:/srv/lull.db", "file:/srv/lull.db"],
    ["a URL with an empty host", "file:///srv/lull.db", "file:/srv/lull.db"],
    ["dots are resolved", "file:/srv/a/../lull.db", "file:/srv/lull.db"],
    ["a space", "file:/srv/my lull.db", "file:/srv/my%20lull.db"],
    ["an encoded space", "file:/srv/my%20lull.db", "file:/srv/my%20lull.db"],
  ])("%s", (_, value, url) => {
    const machine = machineWith({ homeFolder: "", files: { "/a.toml": `database = ${JSON.stringify(value)}` } });
    expect(databaseOf({ machine, environment: { LULL_DATABASE: value } })).toBe(url);
    expect(databaseOf({ machine, flags: { config: "/a.toml" } })).toBe(url);
    expect(databaseOf({ machine, flags: { database: value } })).toBe(url);
  });

  test.each([
    ["a plain path", "/srv/lull.db", "file:/srv/lull.db"],
    ["a relative path", "lull.db", "file:/somewhere/else/lull.db"],
    ["a path that climbs", "../lull.db", "file:/somewhere/lull.db"],
    ["a relative URL", "file:lull.db", "file:/somewhere/else/lull.db"],
    ["signs that mean something in a URL", "a?b#c%20.db", "file:/somewhere/else/a%3Fb%23c%2520.db"],
  ])("by a flag: %s", (_, database, url) => {
    expect(databaseOf({ flags: { database } })).toBe(url);
  });

  test.each([
    ["a relative URL", "file:lull.db", "current folder"],
    ["a URL that climbs", "file:../lull.db", "current folder"],
    ["a plain path", "/srv/lull.db", '"file:" and an absolute path'],
    ["nothing", "", '"file:" and an absolute path'],
    ["a URL of nothing", "file:", '"file:" and an absolute path'],
  ])("refused in the environment: %s", (_, value, says) => {
    const fault = faultOf({ environment: { LULL_DATABASE: value } });
    expect(fault).toStartWith(`database (LULL_DATABASE): ${JSON.stringify(value)} `);
    expect(fault).toContain(says);
  });

  test.each([
    ["another kind of database", "libsql://db.example", "not supported"],
    ["a web address", "https://db.example/x", "not supported"],
    ["one in memory", ":memory:", '"file:" and an absolute path'],
    ["one in memory, as a URL", "file::memory:", '"file:" and an absolute path'],
    ["one on another host", "file://server/lull.db", '"file:" and an absolute path'],
    ["one with options", "file:/srv/lull.db?mode=ro", '"file:" and an absolute path'],
    ["a broken escape", "file:/srv/%zz.db", '"file:" and an absolute path'],
    ["an encoded slash", "file:/srv%2flull.db", '"file:" and an absolute path'],
    ["an encoded NUL", "file:/srv/lull.db%00", '"file:" and an absolute path'],
    ["a folder", "file:/srv/", '"file:/srv/lull.db"'],
    ["nothing", "", '"file:" and an absolute path'],
    ["a URL of nothing", "file:", '"file:" and an absolute path'],
    ["a home folder that the shell left alone", "~/lull.db", "the shell has not replaced"],
  ])("refused by a flag too: %s", (_, database, says) => {
    const fault = faultOf({ flags: { database } });
    expect(fault).toStartWith(`database (--database): ${JSON.stringify(database)} `);
    expect(fault).toContain(says);
  });
});

test.each([
  ["a plain one", "/srv/lull.db"],
  ["one with signs", "/srv/a b?c#d%41é.db"],
])("databaseUrl keeps a path: %s", (_, path) => {
  expect(fileURLToPath(databaseUrl(path).replace("file:", "file://"))).toBe(path);
});
