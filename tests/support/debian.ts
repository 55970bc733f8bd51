import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Something of others that tests use, the Debian package that brings it, and where it is. */
interface Source {
  readonly packageName: string;
  /** The program's path; null: it is not here. */
  readonly find: () => string | null;
}

const SOURCES = {
  caddy: program("caddy"),
  chromium: program("chromium"),
  curl: program("curl"),
  nginx: program("nginx"),
  openssl: program("openssl"),
  strace: program("strace"),
  wget: program("wget"),
  wrk: program("wrk"),
  dateutil: pythonModule("dateutil"),
  django: pythonModule("django"),
  icalendar: pythonModule("icalendar"),
} as const satisfies Readonly<Record<string, Source>>;

export type ProgramName = keyof typeof SOURCES;

export const PROGRAM_NAMES: readonly ProgramName[] = [
  "nginx",
  "caddy",
  "openssl",
  "dateutil",
  "django",
  "icalendar",
  "chromium",
  "curl",
  "wget",
];

function program(name: string): Source {
  // An ordinary user's PATH often lacks the folders of servers.
  const path = `${Bun.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`;
  return { packageName: name, find: () => Bun.which(name, { PATH: path }) };
}

/** The program is Debian's own Python: no other sees the modules of Debian's packages. */
function pythonModule(name: string): Source {
  const python = "/usr/bin/python3";
  const isHere = () => existsSync(python) && Bun.spawnSync([python, "-c", `import ${name}`]).success;
  return { packageName: `python3-${name}`, find: () => (isHere() ? python : null) };
}

/** policy-rc.d is how Debian is told not to start the service of a package that is being installed. */
const INSTALL = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
fi
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "$1"; }
install "$1" || { apt-get update -q && install "$1"; }
`;

const found = new Map<ProgramName, string | null>();

/**
 * The program's path, after installing its package where that is allowed (root and apt-get); for a module of Python the
 * path of a Python that has it. Null where it cannot be had: skip the tests that need it,
 * `describe.skipIf((await needProgram("nginx")) === null)`. Under CI=true it throws.
 */
export async function needProgram(name: ProgramName): Promise<string | null> {
  const known = found.get(name);
  if (known !== undefined) return known;
  const { packageName, find } = SOURCES[name];
  const refusal = find() === null ? await install(packageName) : null;
  const path = find();
  if (path === null && Bun.env["CI"] === "true") throw new Error(`${packageName} is missing, and ${refusal}`);
  found.set(name, path);
  return path;
}

/** Why its tests are skipped, in words for the end of the run; null when the program is there. */
export function reasonOfAbsence(name: ProgramName): string | null {
  const { packageName, find } = SOURCES[name];
  if (find() !== null) return null;
  return `${name} is missing: apt-get install ${packageName}, or run the tests as root on Debian`;
}

/** Answers why it could not, null when it could. */
async function install(packageName: string): Promise<string | null> {
  if (process.getuid?.() !== 0) return "only root can install it";
  if (Bun.which("apt-get") === null) return "there is no apt-get here to install it";
  console.error(`installing the Debian package ${packageName}`);
  // One at a time, also when test files run in parallel.
  const lock = join(tmpdir(), "lull-tests-apt.lock");
  const child = Bun.spawn(["flock", lock, "sh", "-c", INSTALL, "sh", packageName], { stdout: "pipe", stderr: "pipe" });
  const [code, errors] = await Promise.all([child.exited, child.stderr.text(), child.stdout.text()]);
  return code === 0 ? null : `apt-get install ${packageName} failed: ${errors.trim()}`;
}
