import { expect, test } from "bun:test";
import { admitStaff } from "../../src/store/staff-bypasses.ts";
import { noon, openConsole } from "./console.ts";

test("what staff come in by is listed as theirs, and to revoke it says how they come back", async () => {
  await using console = openConsole();
  await console.lull("bypass create --for 1h");
  const database = await console.open();
  await admitStaff(database, "superuser", noon);
  await database.close();
  expect((await console.lull("bypass list")).out.split("\n").slice(1)).toEqual([
    "1       all   2026-11-20 13:00 UTC  many       not yet   /",
    "2       all   2026-12-20 12:00 UTC  superuser            /     superuser probe",
    "",
  ]);
  expect(await console.json("bypass list")).toMatchObject({
    bypasses: [{ standing: null }, { standing: "superuser", redeemed: null }],
  });
  expect((await console.lull("bypass revoke 1 --offline")).err).not.toMatch(/\.lull\/staff|probe/);
  const tried = await console.lull("bypass revoke 2 --dry-run");
  expect(tried.err).toContain("everybody whom the superuser probe let in would be out, on all sites\n");
  const revoked = await console.lull("bypass revoke 2 --offline");
  expect(revoked.out).toBe('bypass 2 "superuser probe" on all sites revoked\n');
  expect(revoked.err).toContain("everybody whom the superuser probe let in is out, on all sites\n");
  expect(revoked.err).toContain("whoever the application still holds for staff can come back by /.lull/staff");
});
