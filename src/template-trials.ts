import { ownProgram } from "./run/own-program.ts";

/** Of the configuration, what templates see. */
export interface TrialSettings {
  readonly timezone: string;
  readonly staffUrl: string;
}

const hiddenName = "__page";
const longestTrialMs = 3_000;

/**
 * Tries templates in a process of its own: one that never ends, or that ends its process, must not do so to a sidecar.
 * Gives why a template would not do, in one line; null: it holds.
 */
export function tryTemplateApart({ timezone, staffUrl }: TrialSettings): (path: string) => Promise<string | null> {
  return async (path) => {
    const child = Bun.spawn([...ownProgram(), hiddenName, path, timezone, staffUrl], {
      stdio: ["ignore", "pipe", "ignore"],
      timeout: longestTrialMs,
      killSignal: "SIGKILL",
    });
    const [said, code] = await Promise.all([child.stdout.text(), child.exited]);
    if (code === 0) return said === "" ? null : said;
    if (child.signalCode === "SIGKILL") return `rendering it takes more than ${longestTrialMs / 1_000} s`;
    return `it ends the process that renders it (exit code ${code})`;
  };
}

/** The process of its own; null: the words are for somebody else. */
export function templateTrialCommand([name, ...rest]: readonly string[]): Promise<number> | null {
  const [path, timezone, staffUrl, ...more] = rest;
  if (name !== hiddenName || path === undefined || timezone === undefined || staffUrl === undefined) return null;
  if (more.length > 0) return null;
  return import("./template-trial-process.ts").then(({ templateTrialProcess }) =>
    templateTrialProcess(path, { timezone, staffUrl }),
  );
}
