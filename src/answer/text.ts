import type { Held } from "./held.ts";
import type { TimeWriter } from "./time-writer.ts";

/** For people at a terminal and for programs that take anything: a few lines, the last one ended too. */
export function text(held: Held, writeTime: TimeWriter): string {
  const { language, site, mode } = held;
  const { words } = language;
  const title = mode === "readonly" ? words.readonlyTitle : words.title;
  const apology = mode === "readonly" ? words.readonlyApology : words.apology;
  const lines = [
    site === null || site.name === "" ? title : `${site.name}: ${title}`,
    held.message || apology,
    ...(held.reason === "" ? [] : [words.reason.replace("{reason}", () => held.reason)]),
    held.end === null ? words.unknown : words.expected.replace("{time}", () => writeTime(held.end ?? 0, language)),
  ];
  return `${lines.join("\n")}\n`;
}
