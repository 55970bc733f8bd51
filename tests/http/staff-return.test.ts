/** Where staff go on when they have been let in. */
import { expect, test } from "bun:test";
import { bypass, sealed } from "./bypass-builders.ts";
import { both, scene, staff } from "./staff-scene.ts";

test.each([
  ["no query", "", "/"],
  ["a path", "?to=/shop/cart", "/shop/cart"],
  ["a path as the page writes it", "?to=%2Fshop%2Fa%20b", "/shop/a%20b"],
  ["a path of other letters", `?to=${encodeURIComponent("/caf%C3%A9")}`, "/caf%C3%A9"],
  ["the first of two", "?a=b&to=/one&to=//evil.example", "/one"],
  ["nothing", "?to=", "/"],
  ["another name", "?next=/shop", "/"],
  ["another host", "?to=//evil.example/", "/"],
  ["another host, encoded", "?to=%2F%2Fevil.example%2F", "/"],
  ["another host, encoded twice", "?to=%252F%252Fevil.example", "/"],
  ["another host behind a slash that is encoded twice", "?to=/%252Fevil.example", "/"],
  ["another host by a backslash", "?to=/%5Cevil.example", "/"],
  ["another host by a tab", "?to=/%09/evil.example", "/"],
  ["another host by dots", "?to=/..//evil.example", "/"],
  ["another host by a whole address", "?to=https://evil.example/", "/"],
  ["another host by a name", "?to=evil.example", "/"],
  ["another host behind an @", "?to=@evil.example/", "/"],
  ["a script", "?to=javascript:alert(1)", "/"],
  ["a header", "?to=/a%0d%0aSet-Cookie:%20x=y", "/"],
  ["NUL", "?to=/a%00", "/"],
  ["a query", "?to=/logout%3Fnow=1", "/"],
  ["a fragment", "?to=/a%23b", "/"],
  ["bytes that are no text", "?to=/%25ff", "/"],
  ["more than a path may have", `?to=/${"x".repeat(8_192)}`, "/"],
])("%s", async (_, query, location) => {
  await using one = await scene({ bypasses: [...both, bypass()] });
  const target = { "X-Forwarded-Uri": `/.lull/staff${query}` };
  expect((await one.ask("GET", target)).header("Location")).toBeNull();
  const link = { ...target, Cookie: `${staff}; __Host-lull-bypass=${sealed()}` };
  for (const headers of [target, link]) {
    const response = await one.ask("POST", headers);
    expect([response.status, response.header("Location")]).toEqual([303, location]);
  }
});
