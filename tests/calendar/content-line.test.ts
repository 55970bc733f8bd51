import { describe, expect, test } from "bun:test";
import { contentLine, textValue } from "../../src/calendar/content-line.ts";

describe("contentLine", () => {
  test.each<[string, string, string]>([
    ["a short one", "x", "SUMMARY:x\r\n"],
    ["one of 75 octets", "x".repeat(67), `SUMMARY:${"x".repeat(67)}\r\n`],
    ["one of 76 octets", "x".repeat(68), `SUMMARY:${"x".repeat(67)}\r\n x\r\n`],
    [
      "continuations of 74 and their space",
      "x".repeat(67 + 75),
      `SUMMARY:${"x".repeat(67)}\r\n ${"x".repeat(74)}\r\n x\r\n`,
    ],
    ["not inside a character of two", `${"x".repeat(66)}éx`, `SUMMARY:${"x".repeat(66)}\r\n éx\r\n`],
    ["not inside a character of three", `${"x".repeat(65)}日x`, `SUMMARY:${"x".repeat(65)}\r\n 日x\r\n`],
    ["not inside a character of four", `${"x".repeat(64)}😀x`, `SUMMARY:${"x".repeat(64)}\r\n 😀x\r\n`],
    ["a character that just fits", `${"x".repeat(63)}😀`, `SUMMARY:${"x".repeat(63)}😀\r\n`],
  ])("folds %s", (_, value, line) => {
    expect(contentLine("SUMMARY", value)).toBe(line);
  });
});

describe("textValue", () => {
  test.each<[string, string, string]>([
    ["nothing in plain text", "a: \"b\" 'c' é 日 😀", "a: \"b\" 'c' é 日 😀"],
    ["what separates", "a;b,c\\d", "a\\;b\\,c\\\\d"],
    ["a line feed", "a\nb", "a\\nb"],
    ["CRLF as one", "a\r\nb", "a\\nb"],
    ["a bare CR", "a\rb", "a\\nb"],
    ["what else ends lines somewhere", "a\u0085b\u2028c\u2029d\ve\ff", "a\\nb\\nc\\nd\\ne\\nf"],
    ["control characters", "a\u0000b\u0007c\u001cd\u001be\u007ff\u009bg", "a b c d e f g"],
    ["not a tab, which it may hold", "a\tb", "a\tb"],
    ["half a surrogate pair", "a\ud800b", "a\ufffdb"],
    ["a backslash before a line feed", "a\\\nb", "a\\\\\\nb"],
  ])("escapes %s", (_, text, value) => {
    expect(textValue(text)).toBe(value);
  });
});
