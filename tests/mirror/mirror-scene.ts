import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { InstantMs, Period } from "../../src/gate/period.ts";
import type { Snapshot } from "../../src/gate/snapshot.ts";
import type { HeldSite } from "../../src/mirror/held-site.ts";
import { createMirror, type Mirror, type MirrorOptions, type MirrorStep } from "../../src/mirror/mirror.ts";
import { everywhere, period, record, site, snapshotOf } from "../gate/builders.ts";
import { eventually } from "../store/thread-fixture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A mirror of its own in a real folder, by the real clock unless it is moved. */
export interface MirrorScene extends AsyncDisposable {
  readonly mirror: Mirror;
  readonly root: string;
  readonly steps: readonly MirrorStep[];
  readonly faults: readonly string[];
  /** How often it recovered, and how often it repaired. */
  readonly count: { recovered: number; repaired: number };
  /** Added to the real time. */
  readonly clock: { aheadMs: number };
  readonly rendered: readonly (HeldSite | null)[];
  now(): InstantMs;
  /** Follows, and waits until that is in the folder. */
  settle(snapshot: Snapshot): Promise<void>;
}

export interface SceneOptions extends Partial<MirrorOptions> {
  /** The folder is made before, with what is in it. */
  readonly prepare?: (root: string) => void;
}

export const scribe = { instance: "one", pid: process.pid, machine: "here", startedAt: 1_000 };

/** Sites 1 to 3, named after their numbers, with periods that began an hour ago. */
export function closing(periods: readonly Partial<Period>[], revision = 1): Snapshot {
  const started = Date.now() - 3_600_000;
  const rows = periods.map((each, index) => period({ id: index + 1, start: started, ...each }));
  const sites = [1, 2, 3].map((id) =>
    record({
      site: { ...site(id, `s${id}.test`), name: `site ${id}` },
      periods: rows.filter(({ siteId }) => siteId === id),
    }),
  );
  return snapshotOf({
    revision,
    sites,
    everywhere: everywhere({ periods: rows.filter(({ siteId }) => siteId === null) }),
  });
}

export function mirrorScene({ prepare, ...options }: SceneOptions = {}): MirrorScene {
  const folder = temporaryFolder();
  const root = options.root ?? folder.file("mirror");
  prepare?.(root);
  const steps: MirrorStep[] = [];
  const faults: string[] = [];
  const count = { recovered: 0, repaired: 0 };
  const clock = { aheadMs: 0 };
  const rendered: (HeldSite | null)[] = [];
  const now = () => Date.now() + clock.aheadMs;
  const mirror = createMirror({
    root,
    scribe,
    renderPage(held) {
      rendered.push(held);
      return pageOf(held);
    },
    isAlive: () => false,
    now,
    onStep: (step) => void steps.push(step),
    onFault: (fault) => void faults.push(fault),
    onRecovered: () => count.recovered++,
    onRepair: () => count.repaired++,
    ...options,
  });
  return {
    mirror,
    root,
    steps,
    faults,
    count,
    clock,
    rendered,
    now,
    async settle(snapshot) {
      mirror.follow(snapshot);
      await eventually(
        () => mirror.step,
        (step) => step !== "behind",
      );
    },
    async [Symbol.asyncDispose]() {
      await mirror.stop();
      await folder.remove();
    },
  };
}

export function pageOf(held: HeldSite | null): string {
  return held === null ? "down" : `${held.site?.name ?? ""} ${held.mode} ${held.message} until ${held.opensAt}`;
}

/** All files of a folder and what is in them, by their paths. */
export function contentsOf(root: string, under = ""): Record<string, string> {
  const contents: Record<string, string> = {};
  for (const entry of readdirSync(join(root, under), { withFileTypes: true })) {
    const path = join(under, entry.name);
    if (entry.isDirectory()) Object.assign(contents, contentsOf(root, path));
    else contents[path] = readFileSync(join(root, path), "utf8");
  }
  return contents;
}

/** The names of all flags: `closed/2`. */
export function flagsIn(root: string): readonly string[] {
  return ["closed", "readonly"]
    .flatMap((kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}`))
    .sort();
}

export function makeFlagFolders(root: string): void {
  for (const kind of ["closed", "readonly", "pages"]) mkdirSync(join(root, kind), { recursive: true });
}
