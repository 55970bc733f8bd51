import { describe, expect, test } from "bun:test";
import { noCredentials } from "../../src/gate/bypass.ts";
import { shownTokens } from "../../src/staff/shown-tokens.ts";

const long = (bytes: number) => `a.b.${"c".repeat(bytes - 4)}`;

describe("of Authorization", () => {
  test.each<[string, string | null, readonly string[]]>([
    ["no header shows none", null, []],
    ["an empty header shows none", "", []],
    ["a bearer's is shown", "Bearer a.b.c", ["a.b.c"]],
    ["the scheme is read in small letters", "bearer a.b.c", ["a.b.c"]],
    ["the scheme is read in capitals", "BEARER a.b.c", ["a.b.c"]],
    ["several spaces are one", "Bearer   a.b.c", ["a.b.c"]],
    ["no space is none", "Bearera.b.c", []],
    ["a tab is no space", "Bearer\ta.b.c", []],
    ["another scheme shows none", "Basic a.b.c", []],
    ["a longer scheme shows none", "XBearer a.b.c", []],
    ["a token alone shows none", "a.b.c", []],
    ["two headers show none", "Bearer a.b.c, Bearer a.b.c", []],
    ["something behind it shows none", "Bearer a.b.c d", []],
    ["an opaque token is none", "Bearer abc", []],
    ["two parts are none", "Bearer a.b", []],
    ["four parts are none", "Bearer a.b.c.d", []],
    ["five parts, an encrypted one, are none", "Bearer a.b.c.d.e", []],
    ["an empty signature is none", "Bearer a.b.", []],
    ["an empty header of a token is none", "Bearer .b.c", []],
    ["an empty payload is none", "Bearer a..c", []],
    ["base64 that is not base64url is none", "Bearer a+a.b/b.c=", []],
    ["a line feed behind it is none", "Bearer a.b.c\n", []],
    ["letters of other scripts are none", "Bearer а.b.c", []],
    ["8 KB are read", `Bearer ${long(8_192)}`, [long(8_192)]],
    ["more than 8 KB are not", `Bearer ${long(8_193)}`, []],
    ["a megabyte is not", `Bearer ${long(1_048_576)}`, []],
  ])("%s", (_, authorization, tokens) => {
    expect(shownTokens({ ...noCredentials, authorization }, "jwt")).toEqual(tokens);
  });
});

describe("of the cookie", () => {
  test.each<[string, string | null, readonly string[]]>([
    ["no header shows none", null, []],
    ["one by its exact name is shown", "x=1; jwt=a.b.c; y=2", ["a.b.c"]],
    ["another name shows none", "JWT=a.b.c; jwt2=a.b.c; xjwt=a.b.c", []],
    ["what has not its form shows none", "jwt=abc", []],
    ["two are shown", "jwt=a.b.c; jwt=d.e.f; jwt=g.h.i", ["a.b.c", "d.e.f"]],
    ["two alike are one", "jwt=a.b.c; jwt=a.b.c", ["a.b.c"]],
    ["8 KB are read", `jwt=${long(8_192)}`, [long(8_192)]],
    ["more than 8 KB are not", `jwt=${long(8_193)}`, []],
  ])("%s", (_, cookie, tokens) => {
    expect(shownTokens({ ...noCredentials, cookie }, "jwt")).toEqual(tokens);
  });

  test("none is looked at where none is configured", () => {
    expect(shownTokens({ ...noCredentials, cookie: "=a.b.c; jwt=a.b.c" }, "")).toEqual([]);
  });

  test("the bearer's comes first, and the same one twice is one", () => {
    const shown = { ...noCredentials, authorization: "Bearer d.e.f", cookie: "jwt=a.b.c; jwt=d.e.f" };
    expect(shownTokens(shown, "jwt")).toEqual(["d.e.f", "a.b.c"]);
  });
});
