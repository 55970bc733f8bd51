import { fstatSync } from "node:fs";
import { channelDescriptor } from "./channel.ts";

/**
 * What lull starts itself for while it runs a command: nothing that people call, so in no help, and for them it is not
 * there. Gives the exit code; null: the words are not one of these.
 */
export function hiddenCommand([name, ...rest]: readonly string[]): Promise<number> | null {
  if (name === "__guard" && hasChannel()) {
    return import("./guard-process.ts").then(({ guardProcess }) => guardProcess());
  }
  if (name === "__start" && hasChannel()) {
    return import("./start-process.ts").then(({ startProcess }) => startProcess(rest));
  }
  return null;
}

function hasChannel(): boolean {
  try {
    return fstatSync(channelDescriptor).isSocket();
  } catch {
    return false;
  }
}
