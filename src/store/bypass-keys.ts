import { randomBytes } from "node:crypto";
import type { BypassKey } from "../gate/bypass.ts";
import { insertBypassKey, selectBypassKeys } from "./bypasses.ts";
import type { Change } from "./change.ts";

/** Of tokens and of keys: nobody finds one by trying. */
const secretBytes = 32;

/** base64url. */
export function randomSecret(): string {
  return randomBytes(secretBytes).toString("base64url");
}

/** Makes the key that signs from now on. */
export async function addBypassKey({ queries, now, record }: Change): Promise<BypassKey> {
  const key = await insertBypassKey(queries, randomSecret(), now);
  await record({ action: "bypass.key.add", siteId: null, after: { id: key.id } });
  return key;
}

/** The key that signs: the newest, or one that is made because there is none. */
export async function signingKey(change: Change): Promise<BypassKey> {
  return (await selectBypassKeys(change.queries)).at(-1) ?? (await addBypassKey(change));
}
