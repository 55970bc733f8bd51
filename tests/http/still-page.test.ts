import { expect, test } from "bun:test";
import { loadPages } from "../../src/answer/pages.ts";
import { createTimeWriter } from "../../src/answer/time-writer.ts";
import { stillPage } from "../../src/http/still-page.ts";
import type { HeldSite } from "../../src/mirror/held-site.ts";
import { site } from "../gate/builders.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const held: HeldSite = {
  mode: "full",
  site: { ...site(2, "shop.test"), name: "The <Shop>" },
  message: "New tills & new floors",
  reason: "",
  start: Date.UTC(2026, 10, 20, 9),
  opensAt: Date.UTC(2026, 10, 20, 10, 30),
};

async function htmlOf(one: HeldSite | null, templates = ""): Promise<string> {
  const writeTime = createTimeWriter("UTC");
  const means = { templates, maintenance503Template: "", writeTime, staffUrl: "", onFault: () => {} };
  const pages = await loadPages({ ...means, tryTemplate: async () => null });
  return new TextDecoder().decode(Buffer.from(stillPage({ pages, retryAfterSeconds: 300 }, one)));
}

test("it says the time of the opening, and has nothing that runs, counts or is loaded", async () => {
  const html = await htmlOf(held);
  expect(html.replaceAll('<span id="day">', "").replaceAll("</span>", "").replaceAll("\u00a0", " ")).toContain(
    "20 November 2026 at 10:30 UTC",
  );
  expect(html).toContain("The &lt;Shop&gt;");
  expect(html).toContain("New tills &amp; new floors");
  expect(html).not.toMatch(/<script|http-equiv|src=|url\(/);
});

test.each([
  ["a site of which nothing is known", null, "Down for maintenance"],
  ["one that is read-only", { ...held, mode: "readonly" }, 'data-mode="readonly"'],
] as const)("there is one for %s", async (_sentence, one, text) => {
  expect(await htmlOf(one)).toContain(text);
});

test("it fits into what HAProxy can hold of an answer by default", async () => {
  expect(Buffer.byteLength(await htmlOf({ ...held, message: "x".repeat(2_000) }))).toBeLessThan(15_000);
});

test("people's own page is the one that visitors get", async () => {
  await using folder = temporaryFolder();
  await Bun.write(folder.file("503.eta"), "<p>own <%= it.site.name %> <%= it.retryAfterSeconds %></p>");
  expect(await htmlOf(held, folder.path)).toBe("<p>own The &lt;Shop&gt; 300</p>");
});
