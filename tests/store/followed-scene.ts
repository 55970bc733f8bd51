/** A database that a sidecar follows, with changes behind it, and a copy of an earlier revision beside it. */
import { expect } from "bun:test";
import { statSync } from "node:fs";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { askElsewhere } from "./asking-process.ts";
import { addSiteElsewhere, eventually, makeDatabase, type TestThread, testThread } from "./thread-fixture.ts";

export interface Scene extends AsyncDisposable {
  readonly folder: TemporaryFolder;
  readonly path: string;
  /** A copy with one site more than a new database, `early-0.example`; of revision 2. */
  readonly backup: string;
  /** A sidecar that serves revision 3, with `late-0.example`. */
  readonly one: TestThread;
}

export async function scene(): Promise<Scene> {
  const folder = temporaryFolder();
  const path = folder.file("lull.db");
  const backup = folder.file("backup.db");
  await makeDatabase(path);
  await addSiteElsewhere(path, "early");
  await askElsewhere(path, `VACUUM INTO '${backup}'`);
  await addSiteElsewhere(path, "late");
  const one = testThread(path);
  void one.thread.announce();
  await eventually(
    () => one.confirmed.length,
    (length) => length > 0,
  );
  expect(one.snapshot.revision).toBe(3);
  return {
    folder,
    path,
    backup,
    one,
    async [Symbol.asyncDispose]() {
      await one.thread.stop();
      await folder.remove();
    },
  };
}

export const domains = ({ snapshot }: TestThread) => [...snapshot.sites.values()].map(({ site }) => site.domain);
export const served = ["*", "early-0.example", "late-0.example"];

/** Nothing of what was changed is beside the file, and the sidecar is through with that. */
export async function isAtRest(one: TestThread, path: string): Promise<void> {
  await eventually(
    () => statSync(`${path}-wal`).size,
    (size) => size === 0,
  );
  const count = one.confirmed.length;
  await eventually(
    () => one.confirmed.length,
    (length) => length > count,
  );
}

/** A fault was told, once, and the last snapshot stays. */
export async function faultOf(one: TestThread): Promise<string> {
  await eventually(
    () => one.faults.length,
    (length) => length > 0,
  );
  expect(domains(one)).toEqual(served);
  return one.faults.at(-1)?.message ?? "";
}

/** The fault is over, and what another process changes is followed again. */
export async function isWellAgain(one: TestThread, path: string): Promise<void> {
  const count = one.confirmed.length;
  await eventually(
    () => one.confirmed.length,
    (length) => length > count,
  );
  const revision = await addSiteElsewhere(path, "after");
  await eventually(
    () => one.snapshot.revision,
    (found) => found === revision,
  );
  expect(domains(one)).toContain("after-0.example");
  const row = "SELECT json_array(instance, revision) FROM sidecar";
  const expected = JSON.stringify([one.identity.instance, revision]);
  await eventually(
    () => askElsewhere(path, row),
    (found) => found.length === 1 && found[0] === expected,
  );
}

export async function isWhole(path: string): Promise<void> {
  expect(await askElsewhere(path, "PRAGMA integrity_check")).toEqual(["ok"]);
}
