import type { ArgsDef } from "citty";

/** How a command is written, without its options: `setmaintenance on|off [SITE ...]`. */
export function synopsis(name: string, args: ArgsDef): string {
  const words = Object.entries(args).flatMap(([key, arg]) => {
    if (arg.type !== "positional") return [];
    const word = arg.valueHint ?? key.toUpperCase();
    return [arg.required === false ? `[${word}]` : word];
  });
  return [name, ...words].join(" ");
}
