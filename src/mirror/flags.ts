import { link, lstat, readdir, rm, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { HeldSite } from "./held-site.ts";
import { unknownName } from "./host-maps.ts";
import { createFile, syncFolder } from "./place-file.ts";

/**
 * - `closed`: a period closes the site, so that whoever lets visits in must ask.
 * - `readonly`: beside it, where safe methods pass all the same.
 */
export const flagKinds = ["closed", "readonly"] as const;
export type FlagKind = (typeof flagKinds)[number];

export type Flags = Readonly<Record<FlagKind, ReadonlySet<string>>>;

const flagName = new RegExp(`^(?:[1-9]\\d{0,14}|${unknownName})$`);

/** Whether a name in the folder of flags is ours to take away. */
export function isFlagName(name: string): boolean {
  return flagName.test(name);
}

export function flagsOf(held: ReadonlyMap<string, HeldSite>): Flags {
  const readonly = [...held].filter(([, { mode }]) => mode === "readonly").map(([name]) => name);
  return { closed: new Set(held.keys()), readonly: new Set(readonly) };
}

/** The flags that are there. Throws the system's error. */
export async function readFlags(root: string): Promise<Flags> {
  const [closed, readonly] = await Promise.all(
    flagKinds.map(async (kind) => {
      const entries = await readdir(join(root, kind), { withFileTypes: true });
      // Proxies follow links, and a folder is no flag for them.
      const files = entries.filter((entry) => !entry.isDirectory() && isFlagName(entry.name));
      return new Set(files.map(({ name }) => name));
    }),
  );
  return { closed: closed ?? new Set(), readonly: readonly ?? new Set() };
}

export function isSameFlags(a: Flags, b: Flags): boolean {
  return flagKinds.every((kind) => a[kind].size === b[kind].size && a[kind].isSubsetOf(b[kind]));
}

/** One step on the way from some flags to others. */
export interface FlagStep {
  readonly kind: FlagKind;
  readonly change: "raise" | "lower";
  readonly names: readonly string[];
}

/**
 * In this order a reader that looks for `closed` first, and for `readonly` then, never finds a site more open than it
 * was or is going to be.
 */
export function flagSteps(from: Flags, to: Flags): readonly FlagStep[] {
  const lowered = [...from.readonly.difference(to.readonly)];
  const steps: readonly FlagStep[] = [
    { kind: "readonly", change: "lower", names: lowered.filter((name) => to.closed.has(name)) },
    { kind: "readonly", change: "raise", names: [...to.readonly.difference(from.readonly)] },
    { kind: "closed", change: "raise", names: [...to.closed.difference(from.closed)] },
    { kind: "closed", change: "lower", names: [...from.closed.difference(to.closed)] },
    { kind: "readonly", change: "lower", names: lowered.filter((name) => !to.closed.has(name)) },
  ];
  return steps.filter(({ names }) => names.length > 0);
}

/** The one empty file that flags are further names of. */
export const flagSource = ".lull-flag";

/** Makes what flags are names of. One that is there serves whoever it belongs to. Throws the system's error. */
export async function makeFlagSource(root: string): Promise<void> {
  const path = join(root, flagSource);
  const isThere = async () => (await lstat(path).catch(() => null))?.isFile() === true;
  if (await isThere()) return;
  // A link goes itself, not what it leads to; a folder stays, and is told.
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
  await makeEmpty(path).catch(async (error: unknown) => {
    if (!(await isThere())) throw error;
  });
}

/**
 * An empty file is whole as soon as it is there. A further name of one that exists costs a fortieth of a new file where
 * thousands of sites close at once (measured on ext4: 0.1 s, not 4). Throws the system's error.
 */
export async function raiseFlag(root: string, path: string): Promise<void> {
  try {
    await link(join(root, flagSource), path).catch((error: unknown) => {
      if (codeOf(error) === "EEXIST") throw error;
      // File systems without such names, or with only so many for one file.
      return makeEmpty(path);
    });
  } catch (error) {
    // What is no file is no flag for a proxy.
    if (codeOf(error) !== "EEXIST" || !(await stat(path)).isFile()) throw error;
  }
}

async function makeEmpty(path: string): Promise<void> {
  await (await createFile(path)).close();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Throws the system's error; not for one that is gone already. */
export function lowerFlag(path: string): Promise<void> {
  return rm(path, { force: true });
}

/** Throws the system's error. */
export async function syncFlags(root: string, kinds: ReadonlySet<FlagKind>): Promise<void> {
  for (const kind of kinds) await syncFolder(join(root, kind));
}
