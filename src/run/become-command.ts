import { ptr } from "bun:ffi";
import { constants } from "node:os";
import { channelDescriptor } from "./channel.ts";
import type { ExactWords } from "./exact-words.ts";
import { type SystemCalls, systemConstants } from "./system-calls.ts";

export interface Becoming extends ExactWords {
  /** Of the file to execute; the first word may be another. */
  readonly path: string;
  /** Numbers of the signals that COMMAND ignores from its start. */
  readonly ignored: readonly number[];
}

/** Makes this process the leader of a group of its own that ends with lull, as far as the kernel can see to it. */
export function leadGroup(calls: SystemCalls): boolean {
  // The second line of defence, when lull and its guard are killed together. Cleared when COMMAND changes its user.
  calls.prctl(systemConstants.setParentDeathSignal, BigInt(constants.signals.SIGTERM), 0n, 0n, 0n);
  return calls.setpgid(0, 0) === 0;
}

/** execve(2): returns only when it fails, and then this process has nothing more to do than to say so. */
export function becomeCommand(calls: SystemCalls, { path, words, variables, ignored }: Becoming): void {
  const { setDescriptorFlags, closeOnExec, defaultHandler, ignoringHandler } = systemConstants;
  // lull sees by its end that COMMAND has started.
  calls.fcntl(channelDescriptor, setDescriptorFlags, closeOnExec);
  // Bun ignores them, and what is ignored stays so; handlers go by themselves.
  for (const name of ["SIGPIPE", "SIGXFSZ"] as const) calls.signal(constants.signals[name], BigInt(defaultHandler));
  for (const number of ignored) calls.signal(number, BigInt(ignoringHandler));
  const file = textInMemory(Buffer.from(path));
  const wordTexts = words.map(textInMemory);
  const variableTexts = variables.map(textInMemory);
  calls.execve(file, addressesOf(wordTexts), addressesOf(variableTexts));
}

/** Ended by a zero byte, at an address that does not change while it is referred to. */
function textInMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new Uint8Array(new ArrayBuffer(bytes.length + 1));
  text.set(bytes);
  return text;
}

function addressesOf(texts: readonly Uint8Array<ArrayBuffer>[]): BigUint64Array<ArrayBuffer> {
  const addresses = new BigUint64Array(new ArrayBuffer((texts.length + 1) * 8));
  for (const [index, text] of texts.entries()) addresses[index] = BigInt(ptr(text));
  return addresses;
}
