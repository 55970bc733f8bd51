import { join } from "node:path";

/** Numbers by name, as a script of the bench prints them: one `name value` on a line. */
export type Figures = (name: string) => number;

export function printFigures(figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name} ${value}\n`);
}

/** Runs a script of this folder in a process of its own, which nothing that ran before has warmed up or worn out. */
export async function figuresOf(script: string, words: readonly string[] = []): Promise<Figures> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), ...words], {
    stdout: "pipe",
    stderr: "inherit",
  });
  return readFigures(await child.stdout.text(), script);
}

/** Throws where a number is asked for that is not there. */
export function readFigures(text: string, source: string): Figures {
  const figures = new Map(text.split("\n").map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]));
  return (name) => {
    const value = figures.get(name);
    if (value === undefined || Number.isNaN(value)) throw new Error(`${source} printed no ${name}:\n${text}`);
    return value;
  };
}
