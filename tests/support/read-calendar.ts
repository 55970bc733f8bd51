import { join } from "node:path";
import { needProgram } from "./debian.ts";

const SCRIPT = join(import.meta.dir, "read-calendar.py");

/** A calendar as python3-icalendar understands it: times in ISO 8601, text without its escapes. */
export interface ReadCalendar {
  readonly properties: Readonly<Record<string, string>>;
  readonly components: readonly string[];
  readonly errors: readonly string[];
  readonly events: readonly Readonly<Record<string, string>>[];
}

/** Throws when the parser refuses it. */
export async function readCalendar(calendar: string): Promise<ReadCalendar> {
  const python = await needProgram("icalendar");
  if (python === null) throw new Error('python3-icalendar is missing: skip this test, see needProgram("icalendar")');
  const child = Bun.spawn([python, SCRIPT], { stdin: new Blob([calendar]), stdout: "pipe", stderr: "pipe" });
  const [code, output, errors] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()]);
  if (code !== 0) throw new Error(`the parser ended with ${code}: ${errors}`);
  return JSON.parse(output);
}
