import type { Machine } from "../../src/config/machine.ts";

export interface MachineParts extends Partial<Machine> {
  /** Texts by path; their folders are there too. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The machine of an ordinary user on which lull is not installed, apart from what is given. */
export function machineWith({ files = {}, ...parts }: MachineParts = {}): Machine {
  return {
    isRoot: false,
    workingFolder: "/somewhere/else",
    homeFolder: "/home/ada",
    timezone: "Europe/Berlin",
    exists: (path) => Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)),
    canHold: () => false,
    readText: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
      return text;
    },
    ...parts,
  };
}
