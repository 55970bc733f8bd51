import type { Held } from "./held.ts";
import type { TimeWriter } from "./time-writer.ts";

/** All controls but tab and line end: people's terminals would do what they say. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const terminalControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

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
    ...whenBack(held, writeTime),
  ];
  return `${lines.join("\n").replace(terminalControls, "")}\n`;
}

function whenBack({ end, mode, language }: Held, writeTime: TimeWriter): readonly string[] {
  const { words } = language;
  if (end !== null) return [words.expected.replace("{time}", () => writeTime(end, language))];
  // A site that can be read is not away.
  return mode === "readonly" ? [] : [words.unknown];
}
