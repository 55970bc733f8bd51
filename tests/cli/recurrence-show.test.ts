import { describe, expect, test } from "bun:test";
import { type Console, hourMs, openConsole } from "./console.ts";

/** Every day at 11:30 in Paris for two hours, of which one runs; noon in UTC is 13:00 there. */
async function withDays(): Promise<Console> {
  const console = openConsole();
  const rule = ["--rule", "FREQ=DAILY", "--at", "11:30", "--for", "2h", "--tz", "Europe/Paris"];
  await console.call("recurrence", "add", ...rule, "--name", "night", "--offline");
  return console;
}

const described = '"night" on all sites (recurrence 1) by ada@desk, FREQ=DAILY at 11:30 for 2h in Europe/Paris';

/** Of each occurrence its day, state and start, to the minute. */
async function shown(console: Console, options = ""): Promise<readonly string[]> {
  const { occurrences } = await console.json(`recurrence show 1 ${options}`);
  if (!Array.isArray(occurrences)) return [];
  return occurrences.map(({ wall, when, alteration, start }) => [wall, when, alteration, start].join(" "));
}

describe("recurrence show", () => {
  test("shows what was skipped, moved and ended early, with what the rule says, in the zone and in UTC", async () => {
    await using console = await withDays();
    await console.lull("recurrence end 1");
    await console.lull("recurrence skip 1 2026-11-21");
    await console.lull("recurrence move 1 2026-11-22 --start 15:00");
    await console.lull("recurrence move 1 2026-11-23 --for 3h");
    console.clock.elapsedMs = 60_000;
    const { code, out, err } = await console.lull("recurrence show 1 --limit 5");
    const cell = (day: string, time: string) =>
      `2026-11-${day} ${time} CET (2026-11-${day}T${String(Number(time.slice(0, 2)) - 1).padStart(2, "0")}${time.slice(2)}:00Z)`;
    const whole = (day: string) => `${cell(day, "11:30")} to ${cell(day, "13:30")}`;
    expect({ code, err, lines: out.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | ")) }).toEqual({
      code: 0,
      err: "",
      lines: [
        `${described}, from 2026-11-20`,
        "DAY | STATE | START | END | AS THE RULE SAYS",
        `2026-11-20T11:30 | past, ended early | ${cell("20", "11:30")} | ${cell("20", "13:00")} | ${whole("20")}`,
        `2026-11-21T11:30 | skipped | ${whole("21")}`,
        `2026-11-22T11:30 | upcoming, moved | ${cell("22", "15:00")} | ${cell("22", "17:00")} | ${whole("22")}`,
        `2026-11-23T11:30 | upcoming, longer | ${cell("23", "11:30")} | ${cell("23", "14:30")} | ${whole("23")}`,
        `2026-11-24T11:30 | upcoming | ${cell("24", "11:30")} | ${cell("24", "13:30")}`,
        "",
      ],
    });
    expect((await console.lull("recurrence show 1 --tz UTC --limit 1")).out).toContain("2026-11-20 10:30 UTC (");
    expect(await console.json("recurrence show 1 --limit 2")).toMatchObject({
      recurrence: { id: 1, rules: "FREQ=DAILY", timezone: "Europe/Paris" },
      occurrences: [
        {
          ...{ wall: "2026-11-20T11:30:00", when: "past", alteration: "ended early" },
          ...{ start: "2026-11-20T10:30:00Z", end: "2026-11-20T12:00:00Z" },
          planned: { start: "2026-11-20T10:30:00Z", end: "2026-11-20T12:30:00Z" },
        },
        { wall: "2026-11-21T11:30:00", when: null, alteration: "skipped", start: null, end: null },
      ],
    });
  });

  test("shows ten that are as the rule says, and the names by which each can be undone", async () => {
    await using console = await withDays();
    expect((await shown(console))[0]).toBe("2026-11-20T11:30:00 running  2026-11-20T10:30:00Z");
    expect(await shown(console)).toHaveLength(10);
    await console.lull("recurrence move 1 2026-11-21T11:30 --for 1h");
    expect((await shown(console))[1]).toBe("2026-11-21T11:30:00 upcoming shorter 2026-11-21T10:30:00Z");
    expect((await console.lull("recurrence restore 1 2026-11-21T11:30:00")).code).toBe(0);
    expect((await shown(console))[1]).toBe("2026-11-21T11:30:00 upcoming  2026-11-21T10:30:00Z");
  });

  test("shows what was moved from where it would be over, and from far ahead", async () => {
    await using console = await withDays();
    await console.lull("recurrence move 1 2027-02-01 --start 2026-11-22T00:00:00Z");
    await console.lull("recurrence move 1 2026-11-21 --start 23:00");
    console.clock.elapsedMs = 27 * hourMs;
    expect(await shown(console, "--limit 3")).toEqual([
      "2026-11-21T11:30:00 upcoming moved 2026-11-21T22:00:00Z",
      "2027-02-01T11:30:00 upcoming moved 2026-11-22T00:00:00Z",
      "2026-11-22T11:30:00 upcoming  2026-11-22T10:30:00Z",
    ]);
    console.clock.elapsedMs = 48 * hourMs;
    expect((await shown(console, "--limit 1"))[0]).toStartWith("2026-11-22T11:30:00 running");
  });

  test("says of a disabled one that it closes nothing, and of one that is over that nothing comes", async () => {
    await using console = await withDays();
    await console.lull("recurrence disable 1");
    const { out, err } = await console.lull("recurrence show 1 --limit 1");
    expect(out).toContain("2026-11-20T11:30  disabled");
    expect(err).toBe("it is disabled, so none of these closes anything\n");
    await console.call("recurrence", "add", "--rule", "FREQ=DAILY;COUNT=1", "--at", "13:00", "--for", "1h");
    console.clock.elapsedMs = 3 * hourMs;
    expect(await console.lull("recurrence show 2")).toMatchObject({ code: 0, err: "nothing comes next\n" });
  });

  test.each([
    ["a number that is none", 2, "night", '"night" is not the number of a recurrence'],
    ["one that is not there", 1, "7", "no recurrence 7"],
    ["no limit", 2, "1 --limit 0", '--limit "0" is not a whole number from 1 to 1000'],
  ])("refuses %s", async (_sentence, code, words, message) => {
    await using console = await withDays();
    const said = await console.lull(`recurrence show ${words}`);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toStartWith(`lull: ${message}`);
  });
});
