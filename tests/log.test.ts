import { expect, test } from "bun:test";
import { LullError } from "../src/gate/error.ts";
import { createLog } from "../src/log.ts";

test("one event is one line of JSON, and lower levels are silent", () => {
  const lines: string[] = [];
  let level: "info" | "error" = "info";
  const log = createLog({ level: () => level, now: () => 0, write: (line) => lines.push(line) });
  log.debug("nothing");
  log.info("listening", { addresses: ["a\nb"] });
  log.error("failed", { error: new LullError("refused", "no"), revision: 7n });
  level = "error";
  log.warn("nothing");
  expect(lines).toEqual([
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"listening","addresses":["a\\nb"]}\n',
    '{"time":"1970-01-01T00:00:00.000Z","level":"error","event":"failed","error":"no","revision":"7"}\n',
  ]);
});

test("a bug comes with its stack", () => {
  const lines: string[] = [];
  createLog({ level: () => "info", now: () => 0, write: (line) => lines.push(line) }).error("bug", {
    error: new TypeError("x"),
  });
  expect(JSON.parse(lines[0] ?? "").error).toMatchObject({
    name: "TypeError",
    message: "x",
    stack: expect.stringContaining("log.test.ts"),
  });
});
