/** What COMMAND finds around it is what it would find without lull. */
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { supervise } from "./supervised.ts";

describe("COMMAND", () => {
  test("reads and writes bytes untouched", async () => {
    const input = crypto.getRandomValues(new Uint8Array(60_000));
    await using run = supervise(["sh", "-c", "cat; printf x >&2"], { input });
    expect(
      createHash("sha256")
        .update(Buffer.from(await run.output, "latin1"))
        .digest("hex"),
    ).toBe(createHash("sha256").update(input).digest("hex"));
    expect(await run.errors).toBe("x");
  });

  test("finds the end of an input that is closed", async () => {
    const closed = (words: readonly string[]) => ["sh", "-c", '"$@" <&-', "sh", ...words];
    await using run = supervise(["sh", "-c", "cat; echo over"], { prefix: closed });
    expect(await run.output).toBe("over\n");
  });

  test("gets arguments and variables that are no UTF-8, and nothing beside its environment", async () => {
    const odd = (words: readonly string[]) => [
      "sh",
      "-c",
      `B=$(printf 'b\\351') "$@" "$(printf 'a\\351')"`,
      "sh",
      ...words,
    ];
    await using run = supervise(["sh", "-c", 'printf "%s|$B|" "$1"; env | sort | grep -v ^PWD', "sh"], { prefix: odd });
    // From Latin-1.
    expect(await run.output).toBe("a\u00e9|b\u00e9|B=b\u00e9\nPATH=/usr/bin:/bin\n");
  });

  test.each([
    ["three open files, and the one with which it looks", ["ls", "/proc/self/fd"], /^0\n1\n2\n3\n$/],
    ["no signal blocked", ["grep", "^SigBlk", "/proc/self/status"], /\t0{16}\n$/],
    ["no signal ignored", ["grep", "^SigIgn", "/proc/self/status"], /\t0{16}\n$/],
    [
      "a group of its own in lull's session",
      ["cut", "-d", " ", "-f", "1,5,6", "/proc/self/stat"],
      /^(\d+) \1 (?!\1)\d+\n$/,
    ],
  ])("has %s", async (_, argv, expected) => {
    await using run = supervise(argv);
    expect(await run.output).toMatch(expected);
  });

  test("ignores what lull was started to ignore", async () => {
    const nohup = (words: readonly string[]) => ["sh", "-c", `trap '' HUP; exec "$@"`, "sh", ...words];
    await using run = supervise(["grep", "SigIgn", "/proc/self/status"], { prefix: nohup });
    expect(await run.output).toMatch(/0{15}1\n$/);
  });
});
