import type { TokenSettings } from "../config/staff.ts";
import { fetchKeys } from "./key-fetch.ts";
import { readKeyFile } from "./key-file.ts";
import { holdsPrivateKeys, type KeyReading, readKeySet, readSecret } from "./verifying-keys.ts";

/** How often keys are looked at. Milliseconds. */
export interface KeyPace {
  /** After this time again. */
  readonly refreshMs: number;
  /** After a failure, and after twice as long each time. */
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  /** Between two looks, however many visitors show tokens of unknown keys. */
  readonly leastMs: number;
}

/** Where keys come from. */
export interface KeySource {
  /** For who reads faults: the setting and what it says, without what may be secret in it. */
  readonly name: string;
  /** The same for sources that give the same keys. */
  readonly identity: string;
  readonly pace: KeyPace;
  /** Throws LullError, whose text goes on behind the name. */
  load(stopped: AbortSignal): Promise<Uint8Array>;
  /** Throws LullError, as `load` does. */
  read(bytes: Uint8Array): KeyReading;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const fetchTimeoutMs = 5 * SECOND_MS;
const pace: KeyPace = {
  refreshMs: 10 * MINUTE_MS,
  retryFirstMs: 10 * SECOND_MS,
  retryMostMs: 10 * MINUTE_MS,
  leastMs: 30 * SECOND_MS,
};
const filePace: KeyPace = { ...pace, refreshMs: MINUTE_MS, retryMostMs: MINUTE_MS };

/**
 * The address, the file of keys or the file of a secret that the configuration names. `onExposed`: others can read what
 * nobody else should know; once.
 */
export function keySourceOf(
  { keys, secretFile, algorithms }: TokenSettings,
  onExposed: (warning: string) => void,
): KeySource {
  const identity = JSON.stringify([keys, secretFile, algorithms]);
  const read = (bytes: Uint8Array) => (keys === "" ? readSecret(bytes, algorithms) : readKeySet(bytes, algorithms));
  if (!/^https?:/.test(keys)) {
    const path = keys === "" ? secretFile : keys;
    const name = `${keys === "" ? "jwt_secret_file" : "jwt_keys"} ${JSON.stringify(path)}`;
    let isTold = false;
    const load = async () => {
      const { bytes, isOpenToOthers } = await readKeyFile(path);
      if (!isTold && isOpenToOthers && (keys === "" || holdsPrivateKeys(bytes))) {
        isTold = true;
        onExposed(`${name}: others can read it: chmod 640`);
      }
      return bytes;
    };
    return { name, identity, pace: filePace, load, read };
  }
  const { origin, pathname } = new URL(keys);
  const name = `jwt_keys ${JSON.stringify(`${origin}${pathname}`)}`;
  return { name, identity, pace, load: (stopped) => fetchKeys(keys, fetchTimeoutMs, stopped), read };
}
