import { expect, test } from "bun:test";
import { createRefusalTurns } from "../../src/staff/refusal-turns.ts";
import { start } from "./token-builders.ts";

const minute = 60_000;
const expired = { reason: "expired", of: "issuer" } as const;

test("a reason is told once a minute", () => {
  const isItsTurn = createRefusalTurns();
  const told = [0, 1, minute - 1, minute, minute + 1].map((elapsedMs) => isItsTurn(expired, start + elapsedMs));
  expect(told).toEqual([true, false, false, true, false]);
});

test("few reasons are told in a minute, and nobody's nonsense hides what an issuer has signed", () => {
  const isItsTurn = createRefusalTurns();
  const reasons = Array.from({ length: 100 }, (_, index) => `reason ${index}`);
  const count = (of: "stranger" | "issuer" | "visitor") =>
    reasons.filter((reason) => isItsTurn({ reason, of }, start)).length;
  expect([count("stranger"), count("visitor"), count("issuer")]).toEqual([3, 3, 3]);
  expect(isItsTurn({ reason: "another", of: "stranger" }, start + minute)).toBe(true);
});

test("a clock that was set back holds nothing up", () => {
  const isItsTurn = createRefusalTurns();
  isItsTurn(expired, start);
  expect(isItsTurn(expired, start - minute)).toBe(true);
});
