import type { ArgsDef } from "citty";

const options = "[OPTION ...]";

/** The same with the place of its options: the end, unless its words are somebody else's. */
export function usage(name: string, args: ArgsDef): string {
  const words = synopsis(name, args);
  return words.includes(options) ? words : `${words} ${options}`;
}

/** How a command is written, without its options where they may stand at the end: `setmaintenance on|off [SITE ...]`. */
export function synopsis(name: string, args: ArgsDef): string {
  const words = Object.entries(args).flatMap(([key, arg]) => {
    if (arg.type !== "positional") return [];
    const hint = arg.valueHint ?? key.toUpperCase();
    const word = hint.startsWith("-- ") ? `${options} ${hint}` : hint;
    return [arg.required === false ? `[${word}]` : word];
  });
  return [name, ...words].join(" ");
}
