import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { flagsIn } from "./mirror/mirror-scene.ts";
import { eventually } from "./store/thread-fixture.ts";
import { type TemporaryFolder, temporaryFolder } from "./support/temporary-folder.ts";

const main = join(import.meta.dir, "../src/main.ts");

/** A machine of its own: a database, a mirror, and what is run there. */
interface Place extends AsyncDisposable {
  readonly folder: TemporaryFolder;
  readonly root: string;
  /** Gives exit code and all that was said. */
  lull(...words: readonly string[]): Promise<{ readonly code: number; readonly said: string }>;
  serve(...words: readonly string[]): Promise<Bun.Subprocess>;
  ask(path: string): Promise<Response>;
}

function openPlace(): Place {
  const folder = temporaryFolder();
  const root = folder.file("mirror");
  const socket = folder.file("s.sock");
  const children: Bun.Subprocess[] = [];
  const env = {
    PATH: process.env["PATH"],
    LULL_DATABASE: `file:${folder.file("lull.db")}`,
    LULL_MIRROR: root,
    LULL_LISTEN: `unix:${socket}`,
    LULL_TIMEZONE: "UTC",
  };
  const ask = (path: string) => fetch(`http://localhost${path}`, { unix: socket, keepalive: false });
  const spawn = (words: readonly string[]) =>
    Bun.spawn([process.execPath, main, ...words], { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  return {
    folder,
    root,
    ask,
    async lull(...words) {
      const child = spawn(words);
      const [code, out, errors] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()]);
      return { code, said: out + errors };
    },
    async serve(...words) {
      const child = spawn(["serve", ...words]);
      children.push(child);
      const isServing = async () => {
        const health: unknown = await ask("/healthz").then((response) => response.json());
        return typeof health === "object" && health !== null && "pid" in health && health.pid === child.pid;
      };
      await eventually(
        () => isServing().catch(() => false),
        (serving) => serving,
      );
      return child;
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(children.map((child) => child.exited));
      await folder.remove();
    },
  };
}

const inStep = (place: Place) =>
  eventually(
    async () => (await place.ask("/status")).json(),
    (status) => typeof status === "object" && status !== null && "mirror" in status && isInStep(status.mirror),
  );

function isInStep(mirror: unknown): boolean {
  return typeof mirror === "object" && mirror !== null && "inStep" in mirror && mirror.inStep === true;
}

test("when a command says closed or open the flag is there or gone, every time", async () => {
  await using place = openPlace();
  await place.serve();
  for (let round = 0; round < 8; round++) {
    expect((await place.lull("setmaintenance", "on")).code).toBe(0);
    expect(flagsIn(place.root)).toEqual(["closed/1"]);
    expect((await place.lull("setmaintenance", "off")).code).toBe(0);
    expect(flagsIn(place.root)).toEqual([]);
  }
}, 30_000);

test.each([
  ["stopped", "SIGTERM"],
  ["killed", "SIGKILL"],
] as const)(
  "a sidecar that is %s leaves the mirror, and the next one corrects what changed meanwhile",
  async (_sentence, signal) => {
    await using place = openPlace();
    const first = await place.serve();
    await place.lull("site", "add", "two.test");
    await place.lull("setmaintenance", "on", "1");
    first.kill(signal);
    await first.exited;
    expect(flagsIn(place.root)).toEqual(["closed/1"]);
    expect(readFileSync(join(place.root, "503.html"), "utf8")).toContain("<h1>Down for maintenance</h1>");
    // Without a sidecar it is the command that writes.
    const { said } = await place.lull("setmaintenance", "off", "1", "--no-wait");
    expect(said).toContain(`the mirror ${place.root} was written: no sidecar runs here that does it`);
    expect(flagsIn(place.root)).toEqual([]);
    await place.lull("setmaintenance", "on", "two.test", "--no-wait");
    expect(flagsIn(place.root)).toEqual(["closed/2"]);
    rmSync(join(place.root, "closed/2"));
    writeFileSync(join(place.root, "closed/99"), "");
    await place.serve();
    await inStep(place);
    expect(flagsIn(place.root)).toEqual(["closed/2"]);
  },
  30_000,
);

test("a mirror that cannot be written closes all the same, is said everywhere, and no command says closed", async () => {
  await using place = openPlace();
  writeFileSync(place.root, "not a folder");
  await place.serve();
  const { code, said } = await place.lull("setmaintenance", "on", "--wait", "1s");
  expect([code, said]).toEqual([6, expect.stringContaining("did not answer that it serves it")]);
  expect((await place.ask("/status/1/up")).status).toBe(503);
  const fault = `${place.root} cannot be written: something else has this name; move it away`;
  const ready = await place.ask("/readyz");
  expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining(`not ready: ${fault}`)]);
  expect(await (await place.ask("/status")).json()).toMatchObject({ mirror: { inStep: false, fault } });
  // As soon as it can be written the command's word holds, and without another change.
  rmSync(place.root);
  expect((await place.lull("setmaintenance", "on", "--wait", "5s")).code).toBe(0);
  expect(flagsIn(place.root)).toEqual(["closed/1"]);
  expect((await place.ask("/readyz")).status).toBe(200);
}, 30_000);

test("a command that cannot write the mirror where no sidecar runs says so, and not that it is done", async () => {
  await using place = openPlace();
  writeFileSync(place.root, "not a folder");
  const closed = await place.lull("setmaintenance", "on");
  expect([closed.code, closed.said]).toEqual([
    7,
    expect.stringContaining("a proxy that reads the mirror does not follow"),
  ]);
  const opened = await place.lull("setmaintenance", "off");
  expect([opened.code, opened.said]).toEqual([6, expect.stringContaining(`${place.root} cannot be written`)]);
}, 30_000);

test("while a command that closes goes on without a sidecar, others write the mirror all the same", async () => {
  await using place = openPlace();
  await place.lull("site", "add", "two.test");
  const inside = `"${process.execPath}" "${main}" setmaintenance on two.test --no-wait; ls "${place.root}/closed"`;
  const { said } = await place.lull("run", "--site", "1", "--offline", "--", "sh", "-c", inside);
  expect(said).toContain("1\n2\n");
  expect(flagsIn(place.root)).toEqual(["closed/2"]);
}, 30_000);

test("serve --closed, which knows no sites, keeps no mirror and takes no flag away", async () => {
  await using place = openPlace();
  await place.lull("site", "add", "two.test");
  await place.lull("setmaintenance", "on", "two.test", "--no-wait");
  const { code, said } = await place.lull("serve", "--closed");
  expect([code, said]).toEqual([
    2,
    expect.stringContaining(`--closed cannot keep the mirror "${place.root}"; set mirror`),
  ]);
  expect(flagsIn(place.root)).toEqual(["closed/2"]);
}, 30_000);

test("a takeover keeps the flag at every instant, and afterwards the successor writes", async () => {
  await using place = openPlace();
  const first = await place.serve();
  expect((await place.lull("setmaintenance", "on")).code).toBe(0);
  let missing = 0;
  let looks = 0;
  const flag = join(place.root, "closed/1");
  const looking = setInterval(() => {
    looks++;
    if (!existsSync(flag)) missing++;
  }, 1);
  const second = await place.serve("--takeover");
  expect(await first.exited).toBe(0);
  clearInterval(looking);
  expect([missing, looks > 100]).toEqual([0, true]);
  expect((await place.lull("setmaintenance", "off")).code).toBe(0);
  expect(flagsIn(place.root)).toEqual([]);
  expect(JSON.parse(readFileSync(join(place.root, "mirror.json"), "utf8"))).toMatchObject({ pid: second.pid });
}, 30_000);

test("a frozen sidecar follows the clock within 50 ms when it goes on", async () => {
  await using place = openPlace();
  const sidecar = await place.serve();
  expect((await place.lull("downtime_start", "--for", "2s")).code).toBe(0);
  const end = Date.now() + 2_000;
  sidecar.kill("SIGSTOP");
  await Bun.sleep(end + 100 - Date.now());
  expect(flagsIn(place.root)).toEqual(["closed/1", "closed/unknown"]);
  sidecar.kill("SIGCONT");
  const resumed = performance.now();
  await eventually(
    () => flagsIn(place.root).length,
    (count) => count === 0,
  );
  expect(performance.now() - resumed).toBeLessThan(50);
}, 30_000);

test("a reload moves the mirror, and leaves the old one as it is", async () => {
  await using place = openPlace();
  const moved = place.folder.file("moved");
  const file = place.folder.file("lull.toml");
  const config = (root: string) =>
    writeFileSync(file, `database = "file:${place.folder.file("lull.db")}"\nmirror = "${root}"\n`);
  config(place.root);
  const socket = `unix:${place.folder.file("s.sock")}`;
  const child = Bun.spawn([process.execPath, main, "serve", "--config", file, "--listen", socket], {
    env: { PATH: process.env["PATH"] },
    stdout: "ignore",
    stderr: "ignore",
  });
  try {
    await eventually(
      () =>
        place.ask("/readyz").then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
    );
    expect((await place.lull("setmaintenance", "on")).code).toBe(0);
    mkdirSync(moved);
    config(moved);
    child.kill("SIGHUP");
    await eventually(
      () => existsSync(join(moved, "closed/1")),
      (isThere) => isThere,
    );
    expect((await place.lull("setmaintenance", "off")).code).toBe(0);
    expect([flagsIn(moved), flagsIn(place.root)]).toEqual([[], ["closed/1"]]);
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}, 30_000);
