import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { LullError } from "../gate/error.ts";
import { fileFaultOf } from "./key-fault-words.ts";

const mostBytes = 1_048_576;
const readByOthers = 0o004;

export interface KeyFile {
  readonly bytes: Uint8Array;
  /** Not only its owner and its group may read it. */
  readonly isOpenToOthers: boolean;
}

/** What a file holds, at most 1 MB. Throws LullError, whose text goes on behind the name of the file. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  try {
    // A pipe without a writer would be waited for.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    const { size, mode } = stats;
    if (!stats.isFile()) throw new LullError("refused", "is no file");
    if (size > mostBytes) throw new LullError("refused", "is larger than 1 MB");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return { bytes: buffer.subarray(0, bytesRead), isOpenToOthers: (mode & readByOthers) !== 0 };
  } catch (error) {
    if (error instanceof LullError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new LullError("unreachable", fileFaultOf(code), { cause: error });
  }
}
