import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { thisMachine } from "../../src/config/machine.ts";
import { loadConfig } from "../../src/config.ts";

describe("thisMachine", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lull-machine-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("reads a configuration from the disk", () => {
    const path = join(folder, "lull.toml");
    writeFileSync(path, 'timezone = "Asia/Tokyo"\n');
    const config = loadConfig({ flags: { config: path }, environment: {}, machine: thisMachine() });
    expect(config.timezone).toBe("Asia/Tokyo");
    expect(config.configFile).toBe(path);
  });

  test("says that a file which is not UTF-8 cannot be read", () => {
    const path = join(folder, "latin-1.toml");
    writeFileSync(path, new Uint8Array([0x23, 0xe9, 0x0a]));
    expect(() => loadConfig({ flags: { config: path }, environment: {}, machine: thisMachine() })).toThrow(
      `${path} cannot be read`,
    );
  });

  test("says that a folder cannot be read as a file", () => {
    expect(() => loadConfig({ flags: { config: folder }, environment: {}, machine: thisMachine() })).toThrow(
      `${folder} cannot be read`,
    );
  });

  test("a folder can hold files when it, or the one above it, can be written", () => {
    const machine = thisMachine();
    const there = join(folder, "there");
    mkdirSync(there);
    expect(machine.canHold(there)).toBe(true);
    expect(machine.canHold(join(folder, "missing"))).toBe(true);
    expect(machine.canHold(join(folder, "missing", "twice"))).toBe(false);
  });

  // Root may write everywhere.
  test.skipIf(thisMachine().isRoot)(
    "a folder that may not be written holds nothing (not for root, who may write everywhere)",
    () => {
      const closed = join(folder, "closed");
      mkdirSync(closed);
      chmodSync(closed, 0o500);
      expect(thisMachine().canHold(closed)).toBe(false);
    },
  );
});
