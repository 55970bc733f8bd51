import { describe, expect, test } from "bun:test";
import { standingOfClaims } from "../../src/staff/token-claims.ts";

const staffIf = (name: string, value: string) => ({ staff: { name, value }, superuser: null });

describe("a claim means it", () => {
  test.each<[string, string, string, string]>([
    ["a text that is equal", "role", "staff", '{"role":"staff"}'],
    ["a text with colons", "role", "a: b", '{"role":"a: b"}'],
    ["a list that holds the text", "groups", "staff", '{"groups":["users","staff"]}'],
    ["a truth value", "is_staff", "true", '{"is_staff":true}'],
    ["a truth value that is false", "is_guest", "false", '{"is_guest":false}'],
    ["a number", "level", "7", '{"level":7}'],
    ["steps with dots", "realm_access.roles", "staff", '{"realm_access":{"roles":["staff"]}}'],
    ["the exact name, with dots in it", "https://x.test/roles", "staff", '{"https://x.test/roles":["staff"]}'],
    ["the exact name before the steps", "a.b", "staff", '{"a.b":"staff","a":{"b":"x"}}'],
    ["an own claim of an unlucky name", "__proto__.role", "staff", '{"__proto__":{"role":"staff"}}'],
  ])("as %s", (_, name, value, json) => {
    expect(standingOfClaims(JSON.parse(json), staffIf(name, value))).toBe("staff");
  });
});

describe("a claim does not mean it", () => {
  test.each<[string, string, string, string]>([
    ["when there is none", "role", "staff", "{}"],
    ["in other letters", "role", "staff", '{"role":"Staff"}'],
    ["under a name in other letters", "role", "staff", '{"Role":"staff"}'],
    ["as a part of a text", "role", "staff", '{"role":"staff member"}'],
    ["as a word among others", "scope", "staff", '{"scope":"read staff"}'],
    ["with white space", "role", "staff", '{"role":"staff "}'],
    ["as a text that a truth value is not", "is_staff", "true", '{"is_staff":"True"}'],
    ["as a number for a truth value", "is_staff", "true", '{"is_staff":1}'],
    ["as a list of truth values", "is_staff", "true", '{"is_staff":[true]}'],
    ["as a list of numbers", "level", "7", '{"level":[7]}'],
    ["as a list in a list", "groups", "staff", '{"groups":[["staff"]]}'],
    ["as a name in an object", "groups", "staff", '{"groups":{"staff":true}}'],
    ["as nothing", "role", "null", '{"role":null}'],
    ["as an object's text", "role", "[object Object]", '{"role":{}}'],
    ["as a list's text", "groups", "a,b", '{"groups":["a","b"]}'],
    ["as the length of a list", "groups.length", "1", '{"groups":["x"]}'],
    ["as a place in a list", "groups.0", "staff", '{"groups":["staff"]}'],
    ["as the length of a text", "role.length", "1", '{"role":"x"}'],
    ["by the steps, when the exact name says something else", "a.b", "staff", '{"a.b":"x","a":{"b":"staff"}}'],
    ["as what objects inherit", "constructor.name", "Object", "{}"],
    ["as what objects inherit deeper", "a.__proto__.constructor.name", "Object", '{"a":{}}'],
    ["by steps that end early", "a.b.c", "staff", '{"a":{"b":"staff"}}'],
    ["by steps through nothing", "a.b", "staff", '{"a":null}'],
  ])("%s", (_, name, value, json) => {
    expect(standingOfClaims(JSON.parse(json), staffIf(name, value))).toBeNull();
  });
});

test("a claim does not mean it as anything that is inherited", () => {
  const inherited = Object.create({ role: "staff", a: { b: "staff" } });
  for (const name of ["role", "a.b"]) expect(standingOfClaims(inherited, staffIf(name, "staff"))).toBeNull();
});

test.each<[string, readonly string[], "staff" | "superuser" | null]>([
  ["who is both is a superuser", ["staff", "admin"], "superuser"],
  ["who is only a superuser is one", ["admin"], "superuser"],
  ["who is only staff is that", ["staff"], "staff"],
  ["who is neither is nobody", ["users"], null],
])("%s", (_, groups, standing) => {
  const [staff, superuser] = [
    { name: "groups", value: "staff" },
    { name: "groups", value: "admin" },
  ];
  expect(standingOfClaims({ groups }, { staff, superuser })).toBe(standing);
});
