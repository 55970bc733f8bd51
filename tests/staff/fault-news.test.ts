import { expect, test } from "bun:test";
import { createFaultNews } from "../../src/staff/fault-news.ts";

function scene() {
  const clock = { at: 1_000_000 };
  return { clock, news: createFaultNews(() => clock.at) };
}

test("a text is news once a minute, and each by itself", () => {
  const { clock, news } = scene();
  const both = () => ["a", "b"].map((text) => news.isNews(text));
  expect(news.isNews("a")).toBe(true);
  expect(both()).toEqual([false, true]);
  clock.at += 59_999;
  expect(both()).toEqual([false, false]);
  clock.at += 1;
  expect(both()).toEqual([true, true]);
});

test("a clock that was set back silences nothing", () => {
  const { clock, news } = scene();
  expect(news.isNews("a")).toBe(true);
  clock.at -= 1;
  expect(news.isNews("a")).toBe(true);
});

test("those that were left out are counted until somebody asks", () => {
  const { news } = scene();
  for (const text of ["a", "a", "b", "a"]) news.isNews(text);
  expect([news.takeLeftOut(), news.takeLeftOut()]).toEqual([2, 0]);
});

test("a hundred texts a minute, and no more", () => {
  const { clock, news } = scene();
  const said = () => Array.from({ length: 1_000 }, (_, index) => news.isNews(`${clock.at} ${index}`)).filter(Boolean);
  expect(said().length).toBe(100);
  expect(said().length).toBe(0);
  clock.at += 60_000;
  expect(said().length).toBe(100);
});
