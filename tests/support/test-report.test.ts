import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { temporaryFolder } from "./temporary-folder.ts";
import { readTestReport } from "./test-report.ts";

const SUITE = `
import { afterAll, describe, expect, test } from "bun:test";
describe("outer <b>", () => {
  test("passes", () => {});
  describe.skipIf(true)("inner", () => { afterAll(() => {}); test('"quoted"', () => {}); });
});
test("fails", () => expect(1).toBe(2));
`;

test("a report of bun test is read as counts, and skipped tests by their full names", async () => {
  await using folder = temporaryFolder();
  await writeFile(folder.file("a.test.ts"), SUITE);
  const options = ["--reporter=junit", "--reporter-outfile=report.xml"];
  const child = Bun.spawn([process.execPath, "test", ...options], {
    cwd: folder.path,
    stdout: "ignore",
    stderr: "ignore",
  });
  await child.exited;
  const report = await readTestReport(folder.file("report.xml"));
  expect(report).toEqual({ passed: 1, failed: 1, skipped: ['outer <b> > inner > "quoted"'] });
});

test("a report that is not there counts nothing", async () => {
  await using folder = temporaryFolder();
  expect(await readTestReport(folder.file("report.xml"))).toEqual({ passed: 0, failed: 0, skipped: [] });
});
