import { describe, expect, test } from "bun:test";
import { openConsole } from "./console.ts";

/** A recurrence on site 2 that no version of this program can unroll. */
async function withBrokenRecurrence() {
  const console = openConsole();
  await console.lull("site add shop.example.com");
  await console.call("recurrence", "add", "--rule", "FREQ=DAILY", "--at", "02:00", "--for", "1h", "--site", "2");
  const database = await console.open();
  await database.client.execute("UPDATE recurrence SET timezone = 'Mars/Olympus'");
  await database.close();
  return console;
}

const fault = /^recurrence 1 yields nothing: "Mars\/Olympus" is not a time zone/m;

describe("a recurrence that yields nothing is said", () => {
  test.each([
    ["by status", "status"],
    ["by status of its site", "status shop.example.com"],
    ["by explain of its site", "explain --site 2"],
    ["by explain of a host that cannot be read, which any site would hold", "explain --host :"],
    ["by upcoming", "upcoming"],
    ["by upcoming of its site", "upcoming --site 2"],
  ])("%s", async (_, line) => {
    await using console = await withBrokenRecurrence();
    const { code, err } = await console.lull(line);
    expect(code).toBe(0);
    expect(err).toMatch(fault);
    expect(await console.json(line)).toMatchObject({ faults: [expect.stringMatching(fault)] });
  });

  test.each([
    ["status", "status 1"],
    ["explain", "explain --site 1"],
    ["upcoming", "upcoming --site 1"],
  ])("not by %s of another site", async (_, line) => {
    await using console = await withBrokenRecurrence();
    expect((await console.lull(line)).err).not.toMatch(fault);
    expect(await console.json(line)).toMatchObject({ faults: [] });
  });
});
