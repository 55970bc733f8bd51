import { expect, test } from "bun:test";
import { english } from "../../src/answer/language.ts";
import { hasSent, pageContext } from "../../src/answer/page-context.ts";
import { createTimeWriter } from "../../src/answer/time-writer.ts";
import { heldVisit } from "./answer-builders.ts";

const means = { writeTime: createTimeWriter("Europe/Berlin"), staffUrl: "/staff" };

test("everything that is documented is there", () => {
  const held = heldVisit({ mode: "readonly", method: "POST", reason: "disks" });
  expect(pageContext(held, means)).toEqual({
    site: { id: 1, domain: "shop.example", name: "Shop" },
    mode: "readonly",
    message: "New disks.",
    reason: "disks",
    start: "2026-11-20T08:00:00.000Z",
    end: "2026-11-20T10:00:00.000Z",
    startText: "20 November 2026 at 09:00 CET (08:00 UTC)",
    endText: "20 November 2026 at 11:00 CET (10:00 UTC)",
    retryAfterSeconds: 3_600,
    request_path: "/cart",
    language: "en",
    dir: "ltr",
    words: english.words,
    notSaved: true,
    staffUrl: "/staff",
  });
});

test("what is unknown is null, and a host that is nobody's has an empty site", () => {
  const context = pageContext(heldVisit({ site: null, start: null, end: null }), means);
  expect(context.site).toEqual({ id: null, domain: "", name: "" });
  expect([context.start, context.startText, context.end, context.endText]).toEqual([null, null, null, null]);
});

test("docs/pages.md names every member, and no other", async () => {
  const guide = await Bun.file(new URL("../../docs/pages.md", import.meta.url)).text();
  const table = guide.slice(guide.indexOf("| `it.` | is |"), guide.indexOf("\n\n", guide.indexOf("| `it.` | is |")));
  const rows = table.split("\n").slice(2);
  const named = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`(\w+)[\w.]*`/g)].map((match) => match[1]),
  );
  expect([...new Set(named)].toSorted()).toEqual(Object.keys(pageContext(heldVisit(), means)).toSorted());
});

test.each<[string, boolean]>([
  ["GET", false],
  ["HEAD", false],
  ["OPTIONS", false],
  ["", false],
  ["POST", true],
  ["PUT", true],
  ["post", true],
])("a visit by %p has sent something: %p", (method, isSent) => {
  expect(hasSent(heldVisit({ method }))).toBe(isSent);
});
