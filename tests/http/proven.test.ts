import { expect, test } from "bun:test";
import type { Standing } from "../../src/gate/standing.ts";
import { proven } from "../../src/http/proven.ts";
import type { StaffTokens } from "../../src/staff/tokens.ts";
import { now, visit } from "../gate/builders.ts";

const mostAtOnce = 16;

/** Tokens whose signatures take until they are told. */
function slowTokens() {
  const asked: PromiseWithResolvers<Standing | null>[] = [];
  const staffTokens: StaffTokens = {
    isShown: () => true,
    standingOf() {
      const answer = Promise.withResolvers<Standing | null>();
      asked.push(answer);
      return answer.promise;
    },
    held: { identity: "", bytes: null, keys: null, readAt: 0, isUsable: false, told: null },
    stop() {},
  };
  return { asked, staffTokens };
}

test("so many tokens are verified at once, and who comes on top is held without a wait", async () => {
  const { asked, staffTokens } = slowTokens();
  const first = Array.from({ length: mostAtOnce }, () => proven({ staffTokens }, visit(), now));
  const onTop = await Promise.all(Array.from({ length: 100 }, () => proven({ staffTokens }, visit(), now)));
  expect([asked.length, new Set(onTop.map(({ proven }) => proven))]).toEqual([mostAtOnce, new Set([null])]);
  for (const answer of asked) answer.resolve("staff");
  expect((await Promise.all(first)).map(({ proven }) => proven)).toEqual(Array(mostAtOnce).fill("staff"));
  const later = proven({ staffTokens }, visit(), now);
  asked.at(-1)?.resolve("superuser");
  expect((await later).proven).toBe("superuser");
});

test("one that fails makes room like any other", async () => {
  const { asked, staffTokens } = slowTokens();
  const failing = Array.from({ length: mostAtOnce }, () => proven({ staffTokens }, visit(), now).catch(() => "failed"));
  for (const answer of asked) answer.reject(new Error("on purpose"));
  expect(await Promise.all(failing)).toEqual(Array(mostAtOnce).fill("failed"));
  const later = proven({ staffTokens }, visit(), now);
  asked.at(-1)?.resolve("staff");
  expect((await later).proven).toBe("staff");
});
