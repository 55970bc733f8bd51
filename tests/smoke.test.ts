/** The binary alone: no node_modules, no sources, another folder, an environment with nothing in it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { binaryPath } from "./support/binary.ts";
import { sendRaw } from "./support/raw-http.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder();
const binary = folder.file("lull");
const workFolder = folder.file("empty");
const socket = folder.file("lull.sock");
const environment = { PATH: "/usr/bin:/bin", HOME: folder.path, LULL_CONFIG: folder.file("lull.toml") };

beforeAll(async () => {
  await copyFile(await binaryPath(), binary);
  await mkdir(workFolder);
  const configuration = { database: `file:${folder.file("data/lull.db")}`, listen: [`unix:${socket}`] };
  const lines = Object.entries(configuration).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  await writeFile(environment.LULL_CONFIG, lines.join(""));
});
afterAll(() => folder.remove());

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

async function run(command: readonly string[], extra: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const options = { cwd: workFolder, env: { ...environment, ...extra }, stdin: "ignore" } as const;
  const child = Bun.spawn([...command], { ...options, stdout: "pipe", stderr: "pipe" });
  const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, output, errors };
}

const lull = (...words: readonly string[]) => run([binary, ...words]);

async function ask(path: string) {
  const visit = {
    Host: "lull",
    Accept: "text/html",
    "Accept-Language": "de",
    "X-Forwarded-Host": "example.com",
    "X-Forwarded-Uri": "/",
    "X-Forwarded-Method": "GET",
  };
  const headers = Object.entries({ ...visit, "X-Real-IP": "203.0.113.9" }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return await sendRaw({ unix: socket }, `GET ${path} HTTP/1.1\r\n${headers.join("")}\r\n`);
}

test("says its version", async () => {
  const { version } = await Bun.file(join(import.meta.dir, "../package.json")).json();
  const said = await lull("version");
  expect(said).toMatchObject({ code: 0, errors: "" });
  expect(said.output).toContain(version);
});

test("says how to begin where there is no database", async () => {
  const said = await lull("status");
  expect(said.code).toBe(5);
  expect(said.errors).toContain("lull migrate");
});

test("refuses an unknown command with words, not with a stack trace", async () => {
  const said = await lull("frobnicate");
  expect(said.code).toBe(2);
  expect(said.errors).toContain("frobnicate");
  expect(said.errors).not.toMatch(/^\s+at /m);
});

test("closes and opens a site without a sidecar", async () => {
  expect(await lull("migrate")).toMatchObject({ code: 0 });
  expect(await lull("status", "--exit-code")).toMatchObject({ code: 0 });
  const closed = await lull("setmaintenance", "on", "--offline");
  expect(closed).toMatchObject({ code: 0 });
  expect(closed.output).toContain("Site 1 (*) is now on");
  expect(await lull("status", "--exit-code")).toMatchObject({ code: 10 });
  expect(await lull("setmaintenance", "off", "--offline")).toMatchObject({ code: 0 });
  expect(await lull("status", "--exit-code")).toMatchObject({ code: 0 });
});

test("serves, and follows the commands", async () => {
  const options = { cwd: workFolder, env: environment, stdin: "ignore", stdout: "ignore", stderr: "pipe" } as const;
  const sidecar = Bun.spawn([binary, "serve"], options);
  try {
    await until(async () => (await ask("/readyz")).status === 200, sidecar);
    expect((await ask("/check/nginx")).status).toBe(204);
    expect(await lull("setmaintenance", "on")).toMatchObject({ code: 0 });
    const check = await ask("/check/nginx");
    expect([check.status, check.header("x-lull"), check.body.length]).toEqual([403, "closed", 0]);
    const answer = await ask("/answer");
    expect([answer.status, answer.header("cache-control")]).toEqual([503, "no-store"]);
    expect(Number(answer.header("retry-after"))).toBeGreaterThan(0);
    expect(answer.text()).toContain('<html lang="de"');
    expect(answer.header("content-security-policy")).toContain("script-src 'sha256-");
    expect(await lull("setmaintenance", "off")).toMatchObject({ code: 0 });
    expect((await ask("/check/nginx")).status).toBe(204);
    sidecar.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
  } finally {
    sidecar.kill("SIGKILL");
  }
});

test("checks, packs and renders pages", async () => {
  const page = folder.file("503.html");
  await writeFile(folder.file("style.css"), 'body { background: url("https://cdn.example/x.png") }');
  await writeFile(page, '<!doctype html><title>t</title>\n<link rel="stylesheet" href="style.css">');
  const checked = await lull("page", "check", page);
  expect(checked.code).toBe(1);
  expect(checked.output).toContain("style.css");
  const packed = await lull("page", "inline", page);
  expect(packed).toMatchObject({ code: 0 });
  expect(packed.output).toContain("<style");
  expect(packed.errors).toContain("https://cdn.example/x.png");
});

test("tries a template in a process of its own", async () => {
  const head =
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">';
  await writeFile(folder.file("503.eta"), `${head}<title><%= it.site.name %></title>`);
  expect(await lull("page", "check", folder.file("503.eta"))).toMatchObject({ code: 0 });
  await writeFile(folder.file("503.eta"), "<% process.exit(3) %>");
  const ended = await lull("page", "check", folder.file("503.eta"));
  expect([ended.code, ended.output]).toEqual([1, expect.stringContaining("exit code 3")]);
});

test("neither reads nor writes the folder that it is started in", async () => {
  expect(await readdir(workFolder)).toEqual([]);
  await writeFile(join(workFolder, ".env"), "LULL_CONFIG=/nowhere/lull.toml\nLULL_DATABASE=file:/nowhere/lull.db\n");
  await writeFile(join(workFolder, "bunfig.toml"), 'preload = ["./nowhere.ts"]\n');
  expect(await lull("status", "--exit-code")).toMatchObject({ code: 0 });
});

describe("a temporary folder that libSQL's module cannot be unpacked to", () => {
  test.each([["status"], ["serve"]])("because it is not there: %s", async (command) => {
    const said = await run([binary, command], { TMPDIR: "/nowhere" });
    expect(said.code).toBe(5);
    expect(said.errors).toMatch(/^lull: [^\n]*TMPDIR[^\n]*\n$/m);
    expect(said.errors).not.toMatch(/^(lull:)?\s+at /m);
  });

  // A mount of its own in a namespace of its own, gone when the command ends.
  const unshare = ["unshare", "--mount", "--map-root-user", "sh", "-c"];
  const mount = 'mount -t tmpfs -o noexec tmpfs "$TMPDIR" && exec "$0" "$@"';
  const canMount = Bun.which("unshare") !== null && Bun.spawnSync([...unshare, "mount -t tmpfs tmpfs /mnt"]).success;
  test.skipIf(!canMount)("because it is mounted noexec", async () => {
    await mkdir(folder.file("noexec"));
    const said = await run([...unshare, mount, binary, "status"], { TMPDIR: folder.file("noexec") });
    expect(said.code).toBe(5);
    expect(said.errors).toMatch(/^[^\n]*TMPDIR[^\n]*\n$/);
  });
});

async function until(
  holds: () => Promise<boolean>,
  sidecar: Bun.Subprocess<"ignore", "ignore", "pipe">,
): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    if (sidecar.exitCode !== null)
      throw new Error(`serve ended with ${sidecar.exitCode}: ${await sidecar.stderr.text()}`);
    if (await holds().catch(() => false)) return;
    if (Date.now() > deadline) throw new Error("serve was not ready within 10 s");
    await Bun.sleep(10);
  }
}
