/** Kill -9, 200 times: sidecars and commands in mid-write. Nothing that was reported is lost, nothing is half there. */
import { expect, test } from "bun:test";
import { askElsewhere } from "../store/asking-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { check, type Program, programWith, type RunningSidecar } from "./program.ts";

const commandKills = 140;
const sidecarKills = 60;

interface Attempt {
  /** Its own: the audit holds it. */
  readonly reason: string;
  readonly state: "on" | "off";
  /** Whether it said that it was done. */
  readonly reported: boolean;
}

/** How long a command takes on this machine, beside others: its death is to fall anywhere in that time, and a bit after. */
async function commandTimeMs(program: Program): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < 5; index++) {
    const startMs = performance.now();
    await Promise.all([program.run("migrate"), program.run("migrate")]);
    times.push(performance.now() - startMs);
  }
  return times.sort((a, b) => a - b)[2] ?? 0;
}

interface Moment {
  readonly index: number;
  readonly withinMs: number;
}

async function killCommand(program: Program, { index, withinMs }: Moment): Promise<Attempt> {
  const reason = `attempt ${index}`;
  const state = index % 2 === 0 ? "on" : "off";
  const words = ["setmaintenance", state, "--offline", "--no-wait", "--reason", reason];
  const child = Bun.spawn([...program.command(words)], {
    env: program.environment,
    stdout: "pipe",
    stderr: "ignore",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), Math.random() * withinMs);
  const output = await child.stdout.text();
  await child.exited;
  clearTimeout(timer);
  return { reason, state, reported: output.includes("is now") };
}

async function killSidecar(program: Program, withinMs: number): Promise<void> {
  const child = Bun.spawn([...program.command(["serve", "--listen", "127.0.0.1:0"])], {
    env: program.environment,
    stdout: "ignore",
    stderr: "ignore",
  });
  await Bun.sleep(Math.random() * withinMs);
  child.kill("SIGKILL");
  await child.exited;
}

test(`kill -9 of ${sidecarKills} sidecars and ${commandKills} commands in mid-write`, async () => {
  await using folder = temporaryFolder();
  const database = folder.file("lull.db");
  const program = await programWith({ folder, database });
  const commandMs = await commandTimeMs(program);
  const attempts: Attempt[] = [];
  // One kind beside the other: a sidecar dies while a command writes, and the other way round.
  const commands = async () => {
    for (let index = 0; index < commandKills; index++) {
      attempts.push(await killCommand(program, { index, withinMs: 3 * commandMs }));
    }
  };
  const sidecars = async () => {
    for (let index = 0; index < sidecarKills; index++) await killSidecar(program, 5 * commandMs);
  };
  await Promise.all([commands(), sidecars()]);

  expect(await askElsewhere(database, "PRAGMA integrity_check")).toEqual(["ok"]);
  expect(await askElsewhere(database, "PRAGMA foreign_key_check")).toEqual([]);
  const audited = await askElsewhere(database, "SELECT reason FROM audit ORDER BY revision");
  const reported = attempts.filter((attempt) => attempt.reported).map(({ reason }) => reason);
  expect(reported.filter((reason) => !audited.includes(reason))).toEqual([]);
  // The revision is what the audit says: one step for each change, none twice, none left out.
  const revisions = await askElsewhere(database, "SELECT revision FROM audit ORDER BY id");
  expect(revisions).toEqual(revisions.map((_, index) => index + 2));
  expect(await askElsewhere(database, "SELECT revision FROM meta")).toEqual([revisions.length + 1]);
  // The periods are what the changes of the audit come to.
  const last = attempts.findLast(({ reason }) => audited.includes(reason));
  const running = await askElsewhere(database, "SELECT count(*) FROM period WHERE end_at IS NULL");
  expect(running).toEqual([last?.state === "on" ? 1 : 0]);
  console.log(`of ${commandKills} commands ${audited.length} changed something, and ${reported.length} reported it`);
  expect(reported.length).toBeGreaterThan(5);
  expect(attempts.length - audited.length).toBeGreaterThan(10);

  await using sidecar: RunningSidecar = await program.serve();
  const closed = await program.run("setmaintenance", "on");
  expect(closed.code).toBe(0);
  expect(await check(sidecar.url)).toBe(403);
  expect(await askElsewhere(database, "SELECT process_id FROM sidecar")).toEqual([sidecar.pid]);
  sidecar.kill("SIGTERM");
  expect(await sidecar.exited).toBe(0);
  expect(await askElsewhere(database, "SELECT process_id FROM sidecar")).toEqual([]);
}, 300_000);
