/** Kill -9 of `lull run` at any moment, also while it starts: nothing of COMMAND is left, whoever is killed beside it. */
import { expect, test } from "bun:test";
import { supervise, until } from "../run/supervised.ts";
import { binaryPath } from "../support/binary.ts";

const kills = 150;
const freezes = 30;
/** Starts take about a third of it. */
const withinMs = 300;
const limitMs = 10_000;

/** With children that only the guard can reach. */
const command = ["sh", "-c", "sleep 600 & echo up; (sleep 600; echo late) & wait"];

test(`${kills} times lull is killed, at any moment`, async () => {
  const program = [await binaryPath()];
  let started = 0;
  for (let round = 0; round < kills; round++) {
    await using run = supervise(command, { program, leaseMs: 300_000 });
    await Bun.sleep(Math.random() * withinMs);
    run.kill("SIGKILL");
    // All that COMMAND has started writes there, and so does lull.
    const output = await Promise.race([run.output, Bun.sleep(limitMs).then(() => "still runs")]);
    expect(["", "up\n"]).toContain(output);
    if (output !== "") started++;
    expect(await run.errors).toMatch(
      output === "" ? /^(?:lull: lull run was killed[^\n]*\n)?$/ : /^lull: lull run was killed/,
    );
  }
  console.log(`of ${kills} commands ${started} had started`);
  expect(started).toBeGreaterThan(kills / 10);
}, 300_000);

test(`${freezes} times lull is frozen, at any moment`, async () => {
  const program = [await binaryPath()];
  const leaseMs = 4_000;
  const round = async () => {
    await using run = supervise(command, { program, leaseMs });
    await until(() => run.leasedAtMs().at(0));
    await Bun.sleep(Math.random() * 2_000);
    run.kill("SIGSTOP");
    await Bun.sleep(leaseMs);
    run.kill("SIGCONT");
    // Before it could renew again.
    const code = await Promise.race([run.exited, Bun.sleep(limitMs).then(() => 0)]);
    expect([143, 137]).toContain(code);
    expect(run.end()).toEqual({ kind: "ended", code, endedBy: "guard" });
  };
  for (let index = 0; index < freezes; index += 10) await Promise.all(Array.from({ length: 10 }, round));
}, 120_000);
