import type { Console } from "./console.ts";

/** The names of what runs now, in order. */
export async function running(console: Console): Promise<readonly string[]> {
  const { periods } = await console.json("period list --running");
  return Array.isArray(periods) ? periods.map((period) => `${period.name} on ${period.siteId ?? "all"}`) : [];
}

/** A second passes after each. */
export async function after(console: Console, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const { code, err } = await console.lull(line);
    if (code !== 0) throw new Error(`${line}: ${err}`);
    console.clock.elapsedMs += 1_000;
  }
}
