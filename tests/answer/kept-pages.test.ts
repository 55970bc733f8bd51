import { expect, test } from "bun:test";
import { createKeptPages } from "../../src/answer/kept-pages.ts";

test("the latest 64 are kept", () => {
  const kept = createKeptPages();
  const pages = Array.from({ length: 70 }, (_, index) => new Uint8Array([index]));
  for (const [index, page] of pages.entries()) kept.keep(`${index}`, page);
  expect(pages.map((page, index) => kept.find(`${index}`) === page)).toEqual(pages.map((_, index) => index >= 6));
});

test("of large ones as many as have 1 MB together", () => {
  const kept = createKeptPages();
  for (const key of ["a", "b", "c"]) kept.keep(key, new Uint8Array(400_000));
  expect(["a", "b", "c"].map((key) => kept.find(key)?.length ?? null)).toEqual([null, 400_000, 400_000]);
  kept.keep("d", new Uint8Array(1_000_001));
  expect(["b", "c", "d"].map((key) => kept.find(key)?.length ?? null)).toEqual([400_000, 400_000, null]);
});
