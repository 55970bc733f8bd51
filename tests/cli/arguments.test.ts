import { describe, expect, test } from "bun:test";
import { openConsole } from "./console.ts";

describe("a command line that is not understood", () => {
  test.each<[string, readonly string[], string]>([
    [
      "an unknown option",
      ["status", "--sites", "2"],
      'unknown option --sites; "lull help status" shows those that there are',
    ],
    ["a mistyped option", ["downtime_start", "--sitee", "2"], "unknown option --sitee; did you mean --site?"],
    [
      "a mistyped option with a value",
      ["downtime_start", "--untill=10:00"],
      "unknown option --untill; did you mean --until?",
    ],
    [
      "an option that is turned round",
      ["downtime_start", "--no-such"],
      'unknown option --no-such; "lull help downtime_start" shows those that there are',
    ],
    ["an unknown letter", ["setmaintenance", "on", "-x"], "unknown option -x; a word that begins with - goes after --"],
    [
      "an unknown letter beside a known one",
      ["setmaintenance", "on", "-ix"],
      "unknown option -x; a word that begins with - goes after --",
    ],
    ["an option without its value", ["downtime_start", "--site"], "--site needs a value: SITE"],
    [
      "an option whose value is the next option",
      ["downtime_start", "--site", "--offline"],
      '--site needs a value: SITE; if "--offline" is meant, write --site=--offline',
    ],
    [
      "an option before the end of options",
      ["downtime_start", "--reason", "--"],
      '--reason needs a value: TEXT; if "--" is meant, write --reason=--',
    ],
    [
      "an empty value",
      ["downtime_start", "--site", ""],
      "--site was given an empty value; leave it out, or write one: SITE",
    ],
    [
      "an empty value after =",
      ["downtime_start", "--reason="],
      "--reason was given an empty value; leave it out, or write one: TEXT",
    ],
    [
      "an empty item of a list",
      ["downtime_start", "--site", "1,,2"],
      '--site "1,,2" holds an empty item; separate values by single commas',
    ],
    ["an empty word", ["setmaintenance", "on", ""], "word 2 is empty; write one, or leave it out"],
    [
      "a site as a word, where sites are an option",
      ["upcoming", "2"],
      '"2" is one word too many; write: lull upcoming --site SITE (sites are given by --site here)',
    ],
    ["a surplus word", ["migrate", "now"], '"now" is one word too many; write: lull migrate'],
    [
      "a surplus word after others",
      ["site", "add", "a.example", "b.example"],
      '"b.example" is one word too many; write: lull site add DOMAIN',
    ],
    ["a missing word", ["site", "alias", "add", "1"], "HOST is missing; write: lull site alias add|remove SITE HOST"],
    [
      "an option given twice",
      ["downtime_start", "--name", "a", "--name=b"],
      '--name was given twice ("a" and "b"), and takes one value',
    ],
    ["a flag with a value", ["downtime_start", "--offline=yes"], '--offline takes no value, and "yes" was given'],
    [
      "waiting and not waiting",
      ["setmaintenance", "on", "--wait", "3s", "--no-wait"],
      "--wait and --no-wait exclude each other; give one",
    ],
    [
      "waiting for no time",
      ["setmaintenance", "on", "--wait", "0s"],
      '"0s" is no time at all: a duration is at least 1s',
    ],
    [
      "waiting without a unit",
      ["setmaintenance", "on", "--wait", "5"],
      '"5" is not a duration: add a unit, 5m for minutes, 5s for seconds, 5h for hours or 5d for days',
    ],
    [
      "a wait that begins with -",
      ["setmaintenance", "on", "--wait", "-5s"],
      '"-5s" is not a duration: it cannot be negative; write it like 45m, 1h30m, 90s, 2d or PT45M',
    ],
    [
      "two ends",
      ["downtime_start", "--for", "1h", "--until", "10:00"],
      "--for and --until exclude each other; give one",
    ],
    [
      "a name and all names",
      ["downtime_end", "--name", "x", "--all-names"],
      "--name and --all-names exclude each other; give one",
    ],
    [
      "two ends of a period",
      ["period", "add", "--for", "1h", "--end", "10:00"],
      "--end and --for exclude each other; give one",
    ],
    ["an unknown mode", ["period", "add", "--mode", "half"], 'invalid --mode "half" (choose from full, readonly)'],
    ["no kind of exemption", ["exempt", "add"], "give one of --exact, --path, --pattern and --network"],
    [
      "two kinds of exemption",
      ["exempt", "add", "--path", "/a", "--network", "10.0.0.0/8"],
      "give one of --exact, --path, --pattern and --network",
    ],
    [
      "nothing to set",
      ["site", "set", "1"],
      "nothing to set: give --domain, --name, --message, --redirect or --origins",
    ],
    [
      "an unknown verb of aliases",
      ["site", "alias", "set", "1", "a.example"],
      'invalid choice: "set" (choose from add, remove)',
    ],
    [
      "a number that is none",
      ["period", "remove", "first"],
      '"first" is not the number of a period; the list shows the numbers',
    ],
    ["a limit of nothing", ["audit", "--limit", "0"], '--limit "0" is not a positive whole number'],
    ["two targets", ["explain", "--uri", "/", "--uri-file", "-"], "--uri and --uri-file exclude each other; give one"],
    [
      "no address",
      ["explain", "--ip", "10.0.0.0/8"],
      '--ip "10.0.0.0/8" is not an address; write one such as 192.0.2.7 or 2001:db8::7',
    ],
    [
      "a mistyped command",
      ["setmaintenence", "on"],
      '"setmaintenence" is no command; did you mean setmaintenance? ("lull help" lists all)',
    ],
    [
      "a command with the other hyphen",
      ["downtime-start"],
      '"downtime-start" is no command; did you mean downtime_start? ("lull help" lists all)',
    ],
    ["a mistyped first word", ["sites", "list"], '"sites" is no command; did you mean site? ("lull help" lists all)'],
    [
      "a mistyped second word",
      ["site", "lst"],
      '"site lst" is no command; did you mean site list? There are site add, list, set, alias, remove',
    ],
    [
      "a verb that is not there, however near to remove",
      ["site", "rename", "2", "x"],
      '"site rename" is no command; there are site add, list, set, alias, remove',
    ],
    [
      "a mistyped verb that takes something away",
      ["exempt", "remov", "2"],
      '"exempt remov" is no command; there are exempt add, list, remove',
    ],
    [
      "a verb that is nearer to its contrary",
      ["period", "diable", "2"],
      '"period diable" is no command; there are period add, extend, end, cancel, list, enable, disable, remove',
    ],
    [
      "a mistyped verb, two letters away",
      ["period", "enabel", "2"],
      '"period enabel" is no command; did you mean period enable? There are period add, extend, end, cancel, list, enable, disable, remove',
    ],
    [
      "a verb that is three letters away",
      ["period", "unable2x", "2"],
      '"period unable2x" is no command; there are period add, extend, end, cancel, list, enable, disable, remove',
    ],
    [
      "a command that is three letters away",
      ["downtime_stop"],
      '"downtime_stop" is no command ("lull help" lists all)',
    ],
    [
      "two words as one, which take something away",
      ["site remov"],
      '"site remov" is no command ("lull help" lists all)',
    ],
    [
      "another second word",
      ["exempt", "frobnicate"],
      '"exempt frobnicate" is no command; there are exempt add, list, remove',
    ],
    [
      "half a command",
      ["period"],
      '"period" needs one more word: add, extend, end, cancel, list, enable, disable, remove',
    ],
    [
      "half a command with an option",
      ["period", "--quiet"],
      '"period" needs one more word: add, extend, end, cancel, list, enable, disable, remove',
    ],
    [
      "an option before the command",
      ["--quiet", "status"],
      "--quiet stands before the command; write the command first: lull COMMAND --quiet",
    ],
    [
      "a command as one word",
      ["site add", "a.example"],
      '"site add" is no command; did you mean site add? ("lull help" lists all)',
    ],
    ["help for no command", ["help", "frobnicate"], '"frobnicate" is no command ("lull help" lists all)'],
    ["help for more than a command", ["help", "status", "now"], '"status now" is no command; did you mean status?'],
  ])("%s is refused, and nothing is made", async (_, argv, message) => {
    await using console = openConsole();
    const { code, out, err } = await console.call(...argv);
    expect({ code, out, err: err.split("\n")[0] }).toEqual({ code: 2, out: "", err: `lull: ${message}` });
    expect(await Bun.file(console.path).exists()).toBe(false);
  });

  test.each([
    ["ends what runs", "period ennd"],
    ["calls off", "period cancle"],
    ["disables", "recurrence disabel"],
    ["ends an occurrence", "recurrence ende"],
    ["leaves an occurrence out", "recurrence skpi"],
    ["changes when an occurrence is", "recurrence mvoe"],
    ["takes back what was changed in one", "recurrence restor"],
  ])("a mistyped verb that %s is not suggested", async (_, words) => {
    await using console = openConsole();
    const { code, err } = await console.lull(`${words} 1`);
    expect(code).toBe(2);
    expect(err).toStartWith(`lull: "${words}" is no command; there are ${words.split(" ")[0]} add, `);
  });

  test("no word at all shows what there is, as an error", async () => {
    await using console = openConsole();
    const { code, out, err } = await console.lull("");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("lull setmaintenance ");
    expect(err).toEndWith("lull: the command is missing\n");
  });
});

describe("a command line that is understood", () => {
  test.each<[string, readonly string[], readonly number[]]>([
    ["an option again and again", ["--site", "1", "--site=2"], [1, 2]],
    ["a list with commas", ["--site", "1,2"], [1, 2]],
    ["a list with spaces", ["--site", "2, 3"], [2, 3]],
    ["both", ["--site", "1", "--site", "b.example,3"], [1, 2, 3]],
    ["one of them twice", ["--site", "1,1"], [1]],
  ])("%s", async (_, options, sites) => {
    await using console = openConsole();
    for (const domain of ["b.example", "c.example"]) await console.lull(`site add ${domain}`);
    await console.call("downtime_start", "--offline", ...options);
    const { periods } = await console.json("period list");
    expect(Array.isArray(periods) ? periods.map((period) => period.siteId) : null).toEqual([...sites]);
  });

  test.each<[string, readonly string[], string]>([
    ["begins with -", ["--reason", "-5 degrees"], "-5 degrees"],
    ["begins with - and is a letter that is an option", ["--reason", "-h"], "-h"],
    ["begins with --", ["--reason=--help"], "--help"],
    ["holds =", ["--reason=a=b"], "a=b"],
    ["holds commas", ["--reason", "a, b,"], "a, b,"],
  ])("a value that %s", async (_, options, reason) => {
    await using console = openConsole();
    expect((await console.call("downtime_start", "--offline", ...options)).code).toBe(0);
    expect(await console.json("period list")).toMatchObject({ periods: [{ reason }] });
  });

  test("a word after -- is no option", async () => {
    await using console = openConsole();
    const { code, err } = await console.call("setmaintenance", "on", "--offline", "--", "--json");
    expect([code, err.split("\n")[0]]).toEqual([1, "lull: no site --json"]);
    expect((await console.call("setmaintenance", "--offline", "--", "on", "1")).code).toBe(0);
  });

  test("options may stand between the words", async () => {
    await using console = openConsole();
    expect((await console.lull("setmaintenance --offline on --quiet 1 -i 7")).code).toBe(0);
  });
});
