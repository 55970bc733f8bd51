import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sendRaw } from "../../support/raw-http.ts";
import type { RawResponse } from "../../support/raw-response.ts";
import { type Gate, lacksGate, startGate } from "./gate.ts";
import { requestText } from "./visit.ts";

/** What stands in an answer of the sidecar that is for proxies and operators alone. */
const OWN = /# HELP|schemaVersion|"product"|not ready|^ready|warning:|internal error|only GET and HEAD/;

/** Every path of the sidecar's listener. */
const PATHS = [
  "/check/nginx",
  "/answer",
  "/public",
  "/metrics",
  "/status",
  "/status/1",
  "/status/1/up",
  "/healthz",
  "/readyz",
];

/** Ways to write a path of the sidecar; `@` stands for it without its leading slash. */
const TRIES: readonly (readonly [target: string, whose: "application" | "public" | "301" | "400" | "404"])[] = [
  ["/@", "application"],
  ["//@", "application"],
  ["/@?site=1", "application"],
  ["/@/", "application"],
  ["/_lull/../@", "application"],
  ["/_lull/check/../@", "application"],
  ["/_lull/check/../../@", "application"],
  ["/.lull/@", "public"],
  ["/.lull/..\\@", "public"],
  ["/.lull\\..\\@", "application"],
  ["/.lull/%5c..%5c@", "public"],
  ["/.lull/../@", "application"],
  ["/.lull/%2e%2e/@", "application"],
  ["/.lull/.%2e/@", "application"],
  ["/.lull/..%2f@", "application"],
  ["/.lull/%2e%2e%2f@", "application"],
  ["/.lull/%252e%252e/@", "public"],
  ["/.lull/..;/@", "public"],
  ["/.lull/;/../@", "public"],
  ["/.lull;/../@", "application"],
  ["/.lull;/@", "application"],
  ["/.lull//@", "public"],
  ["//.lull/@", "public"],
  ["//.lull//..//@", "application"],
  ["/.lull/./@", "public"],
  ["/.lull/up/../../@", "application"],
  ["/.lull/up/..\\..\\@", "public"],
  ["/.lull/up/@", "public"],
  ["/.lull/up/%2e%2e/%2e%2e/@", "application"],
  ["/.lull/up?x=/@", "public"],
  ["/.lull/up?/../../@", "public"],
  ["/.lull/up?site=2", "public"],
  ["/.lull/up#/../../@", "public"],
  ["/.lull/up%3f/../../@", "application"],
  ["/.lull/up%23/@", "public"],
  ["/.lull/up%00/@", "400"],
  ["/.lull/%00", "400"],
  ["/.lull/up\t/@", "400"],
  ["/.lull/up%0a/@", "public"],
  ["/.lull/up%0d%0aX-Forwarded-Uri:%20/@", "public"],
  ["/.lull/\xff\xfe/@", "public"],
  ["/.lull/up%", "400"],
  ["/.lull/../../@", "400"],
  // nginx's own way to the folder.
  ["/.lull", "301"],
  ["/.lull?x=/@", "301"],
  ["/.LULL/up", "application"],
  ["/%2elull/@", "public"],
  ["/%2e%6cull/@", "public"],
  ["/.lull%2f@", "public"],
  ["http://lull_sidecar/@", "400"],
  ["http://lull_public/@", "400"],
  ["http://one.test/.lull/@", "public"],
  ["http://one.test/.lull/..\\@", "public"],
  ["http://127.0.0.1/@", "application"],
  ["unix:/@", "400"],
  ["@", "400"],
  ["*", "400"],
  ["/_lull/check", "404"],
  ["/_lull/check?@", "404"],
  ["/_lull/%63heck", "404"],
  ["//_lull//check", "404"],
  ["/_lull/check/", "application"],
  ["/@lull_answer", "application"],
];

function whose(response: RawResponse): string {
  if (response.header("x-app") === "sample") return "application";
  if (response.status === 503 && response.header("vary") !== null) return "answer";
  return response.text().includes("<center>nginx") ? String(response.status) : publicAnswer(response);
}

/** `/.lull/up` says nothing but whether the site is open, twice; anything else that is asked there does not exist. */
function publicAnswer(response: RawResponse): string {
  const { status } = response;
  const known = status === 204 ? "open" : status === 503 ? "closed" : null;
  const isUp = response.body.length === 0 && known !== null && response.header("x-lull") === known;
  return isUp || (status === 404 && response.text() === "not found\n") ? "public" : `${status} ${response.text()}`;
}

describe.skipIf(await lacksGate())("no path of the sidecar is reachable from outside", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate();
  });
  afterAll(() => gate.stop());

  async function tried(target: string, method: string): Promise<readonly string[]> {
    return Promise.all(
      PATHS.map(async (path) => {
        const response = await sendRaw(
          gate.address,
          requestText({ method, target: target.replace("@", path.slice(1)) }),
        );
        expect(response.text()).not.toMatch(OWN);
        // That would be the answer of a check.
        if (response.status === 403) expect(response.header("x-lull")).toBeNull();
        return whose(response);
      }),
    );
  }

  describe("of an open site", () => {
    test.each(TRIES)("%j is %s", async (target, expected) => {
      expect(await tried(target, "GET")).toEqual(PATHS.map(() => expected));
      expect(await tried(target, "POST")).toEqual(PATHS.map(() => expected));
    });
  });

  describe("of a closed site", () => {
    beforeAll(() => gate.lull.command("setmaintenance", "on"));
    test.each(TRIES)("%j is %s, or held", async (target, expected) => {
      const closed = expected === "application" ? "answer" : expected;
      expect(await tried(target, "GET")).toEqual(PATHS.map(() => closed));
      expect(await tried(target, "POST")).toEqual(PATHS.map(() => closed));
    });
  });

  test("what the sidecar itself says on these paths would have been noticed", async () => {
    for (const path of ["/metrics", "/status", "/healthz", "/readyz"]) {
      const response = await sendRaw({ unix: gate.lull.socket }, requestText({ target: path }));
      expect(response.text()).toMatch(OWN);
    }
    const check = await sendRaw({ unix: gate.lull.socket }, requestText({ target: "/check/nginx" }));
    expect(check.header("x-lull")).toBe("closed");
  });
});
