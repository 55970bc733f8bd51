/** `lull run` with the compiled program, a real sidecar and real commands. */
import { expect, test } from "bun:test";
import { openRunScene } from "./run-scene.ts";

test("closes while the command runs, and opens when it has ended", async () => {
  await using scene = await openRunScene();
  const { code, output, errors } = await scene.program.run("run", "--for", "45m", "--", ...scene.asking);
  expect([code, output]).toEqual([0, "503\n"]);
  expect(errors).toMatch(/^lull: closed all sites by "run", expected until .+$/m);
  expect(errors).toMatch(/^lull: ended "run"$/m);
  expect(await scene.ask()).toBe(204);
  expect(await scene.actions()).toEqual([
    "bypass.revoke",
    "period.end",
    "bypass.create",
    "bypass.key.add",
    "period.start",
  ]);
});

test.each([
  ["its own code", ["sh", "-c", "exit 7"], 7, /^$/],
  ["128 and the number of the signal that ended it", ["sh", "-c", "kill -9 $$"], 137, /^$/],
  ["127 for a command that is not there", ["no-such-command-here"], 127, /no-such-command-here/],
  ["126 for a file that cannot be run", ["/etc/passwd"], 126, /\/etc\/passwd/],
  ["words that are empty are the command's own", ["sh", "-c", 'test "$1" = ""', "sh", ""], 0, /^$/],
] as const)("ends with %s, and has opened", async (_sentence, words, code, said) => {
  await using scene = await openRunScene();
  const ended = await scene.program.run("run", "--quiet", "--", ...words);
  expect(ended.code).toBe(code);
  expect(ended.output).toBe("");
  expect(ended.errors).toMatch(said);
  expect(await scene.ask()).toBe(204);
});

test.each([
  ["an option that there is not", ["--nonsense", "--", "touch", "FILE"], "--nonsense"],
  ["no command", ["--for", "5m"], "COMMAND"],
  ["a site that there is not", ["--site", "nobody.example", "--", "touch", "FILE"], "nobody.example"],
  ["a lease that is too short to be renewed", ["--lease", "2s", "--", "touch", "FILE"], '"2s"'],
  ["what becomes of a failure", ["--on-failure", "close", "--", "touch", "FILE"], '"close"'],
  ["a plan that is longer than the configuration allows", ["--for", "3d", "--", "touch", "FILE"], "longest_period"],
] as const)("125 for %s, and nothing was run or closed", async (_sentence, words, named) => {
  await using scene = await openRunScene();
  const file = scene.folder.file("touched");
  const { code, errors } = await scene.program.run("run", ...words.map((word) => word.replace("FILE", file)));
  expect(code).toBe(125);
  expect(errors).toContain(named);
  expect(errors.trimEnd().split("\n").length).toBe(1);
  expect([await Bun.file(file).exists(), await scene.ask()]).toEqual([false, 204]);
});

test("125 where no sidecar has closed, and the hold is taken back", async () => {
  await using scene = await openRunScene();
  scene.sidecar.kill("SIGTERM");
  await scene.sidecar.exited;
  const file = scene.folder.file("touched");
  const { code, errors } = await scene.program.run("run", "--", "touch", file);
  expect(code).toBe(125);
  expect(errors).toContain("no sidecar is registered");
  expect([await Bun.file(file).exists(), await scene.periods()]).toEqual([false, []]);
});

test("125 where a sidecar does not serve it in time", async () => {
  await using scene = await openRunScene();
  scene.sidecar.kill("SIGSTOP");
  const { code, errors } = await scene.program.run("run", "--wait", "1s", "--", "true");
  scene.sidecar.kill("SIGCONT");
  expect(code).toBe(125);
  expect(errors).toContain("did not answer");
  expect(await scene.periods()).toEqual([]);
});

test("--on-failure keep leaves the sites closed without a lease, and says how to open them", async () => {
  await using scene = await openRunScene();
  const words = ["run", "--on-failure", "keep", "--name", "big deploy", "--"];
  const failed = await scene.program.run(...words, "sh", "-c", "exit 3");
  expect(failed.code).toBe(3);
  expect(failed.errors).toContain("to open them: lull downtime_end --name 'big deploy'\n");
  expect(await scene.periods()).toMatchObject([{ name: "big deploy", leaseMs: null, leaseEnd: null, end: null }]);
  expect(await scene.ask()).toBe(503);
  // What succeeds then opens only what it has closed itself, and says what is left.
  const repeated = await scene.program.run(...words, "true");
  expect([repeated.code, await scene.ask()]).toEqual([0, 503]);
  expect(repeated.errors).toContain('"big deploy" runs already');
  expect(repeated.errors).toContain('stays closed: "big deploy" on all sites');
  await scene.program.run("downtime_end", "--name", "big deploy");
  expect(await scene.ask()).toBe(204);
  expect((await scene.program.run(...words, "true")).code).toBe(0);
  expect(await scene.ask()).toBe(204);
});

test("two runs of one name do not open under each other", async () => {
  await using scene = await openRunScene();
  const { program } = scene;
  const child = Bun.spawn([...program.command(["run", "--name", "deploy", "--", "cat"])], {
    env: program.environment,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  child.stdin.write("running\n");
  await child.stdin.flush();
  // What cat has echoed, it has read: it runs.
  const reader = child.stdout.getReader();
  await reader.read();
  const second = await program.run("run", "--name", "deploy", "--", ...scene.asking);
  expect([second.code, second.output]).toEqual([0, "503\n"]);
  expect(second.errors).toContain('by "deploy-2"');
  expect(await scene.ask()).toBe(503);
  await child.stdin.end();
  expect(await child.exited).toBe(0);
  expect(await scene.ask()).toBe(204);
});

test("what is on one site is opened there by the command that it names", async () => {
  await using scene = await openRunScene();
  await scene.program.run("site", "add", "b.example");
  const words = ["run", "--on-failure", "keep", "--site", "b.example", "--", "false"];
  const { errors } = await scene.program.run(...words);
  expect(errors).toContain("to open them: lull downtime_end --name run --site 2\n");
});

test("a command that is not there closes nothing", async () => {
  await using scene = await openRunScene();
  const { code } = await scene.program.run("run", "--", "no-such-command-here");
  expect([code, await scene.actions()]).toEqual([127, []]);
});

test("says so when somebody else has ended it meanwhile", async () => {
  await using scene = await openRunScene();
  const opens = scene.program.command(["downtime_end", "--all-names", "--quiet"]);
  const { code, errors } = await scene.program.run("run", "--", ...opens);
  expect(code).toBe(0);
  expect(errors).toContain('"run" does not hold any more');
});
