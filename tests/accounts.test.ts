import { describe, expect, test } from "bun:test";
import { actorName, groupId } from "../src/accounts.ts";
import { LullError } from "../src/gate/error.ts";

describe("actorName", () => {
  test.each<[string, number | null, Record<string, string>, string]>([
    ["the user by number", 0, {}, "root"],
    ["who called sudo", 0, { SUDO_USER: "ada", USER: "root" }, "ada"],
    ["not who is said to have called sudo by somebody else", 65_534, { SUDO_USER: "ada" }, "nobody"],
    ["a user whom no file knows, by the environment", 4_000_123, { USER: "ada" }, "ada"],
    ["nobody's number", 4_000_123, {}, "4000123"],
    ["a system without numbers", null, { USERNAME: "Ada" }, "Ada"],
    ["a system that says nothing", null, {}, "unknown"],
  ])("is %s", (_, userId, environment, name) => {
    expect(actorName({ userId, environment })).toBe(name);
  });
});

describe("groupId", () => {
  test.each([
    ["a name", "root", 0],
    ["a number", "4711", 4711],
  ])("of %s", (_, group, id) => {
    expect(groupId(group)).toBe(id);
  });

  test("names a group that is not there", () => {
    expect(() => groupId("no-such-group")).toThrow(LullError);
    expect(() => groupId("no-such-group")).toThrow('"no-such-group"');
  });
});
