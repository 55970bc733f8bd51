import { tmpdir } from "node:os";
import { join } from "node:path";

/** The programs of others that tests use, and the Debian package that brings each. */
const PACKAGES = { nginx: "nginx", strace: "strace", wrk: "wrk" } as const;

export type ProgramName = keyof typeof PACKAGES;

export const PROGRAM_NAMES: readonly ProgramName[] = ["nginx"];

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
 * The program's path, after installing its package where that is allowed (root and apt-get). Null where it cannot be
 * had: skip the tests that need it, `describe.skipIf((await needProgram("nginx")) === null)`. Under CI=true it throws.
 */
export async function needProgram(name: ProgramName): Promise<string | null> {
  const known = found.get(name);
  if (known !== undefined) return known;
  const refusal = findProgram(name) === null ? await install(PACKAGES[name]) : null;
  const path = findProgram(name);
  if (path === null && Bun.env["CI"] === "true") throw new Error(`${name} is missing, and ${refusal}`);
  found.set(name, path);
  return path;
}

/** Why its tests are skipped, in words for the end of the run; null when the program is there. */
export function reasonOfAbsence(name: ProgramName): string | null {
  if (findProgram(name) !== null) return null;
  return `${name} is missing: apt-get install ${PACKAGES[name]}, or run the tests as root on Debian`;
}

function findProgram(name: ProgramName): string | null {
  // An ordinary user's PATH often lacks the folders of servers.
  return Bun.which(name, { PATH: `${Bun.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin` });
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
