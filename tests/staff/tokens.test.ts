import { describe, expect, test } from "bun:test";
import { chmod, writeFile } from "node:fs/promises";
import type { TokenSettings } from "../../src/config/staff.ts";
import { noCredentials } from "../../src/gate/bypass.ts";
import { type KeyPace, keySourceOf } from "../../src/staff/key-source.ts";
import type { TokenRefusal } from "../../src/staff/token-refusal.ts";
import { type StaffTokens, startStaffTokens } from "../../src/staff/tokens.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startKeyServer } from "./key-server.ts";
import { bearer, claims, keySet, sign, signer, start, tokenSettings } from "./token-builders.ts";

const slow: KeyPace = { refreshMs: 600_000, retryFirstMs: 600_000, retryMostMs: 600_000, leastMs: 0 };
const [rsa, elliptic, edwards, stranger] = [
  signer("RS256", "rsa"),
  signer("ES256", "ec"),
  signer("EdDSA", "ed"),
  signer("RS256", "rsa"),
];
const published = keySet(rsa.published, elliptic.published, edwards.published);
const never = () => new Promise<never>(() => {});

interface Scene extends Disposable {
  readonly tokens: StaffTokens;
  readonly told: string[];
  readonly refused: TokenRefusal[];
  readonly exposed: string[];
}

async function begin(change: Partial<TokenSettings>, former: StaffTokens | null = null): Promise<Scene> {
  const told: string[] = [];
  const refused: TokenRefusal[] = [];
  const exposed: string[] = [];
  const tokens = await startStaffTokens(tokenSettings(change), {
    now: () => start,
    onFault: (fault) => void told.push(fault),
    onRecovered: () => void told.push("recovered"),
    onRefused: (refusal) => void refused.push(refusal),
    onExposed: (warning) => void exposed.push(warning),
    former,
    pace: slow,
  });
  return { tokens, told, refused, exposed, [Symbol.dispose]: () => tokens.stop() };
}

describe("a token is believed", () => {
  test.each([
    ["RS256", rsa],
    ["ES256", elliptic],
    ["EdDSA", edwards],
  ])("that is signed by %s with a key of the address", async (_, by) => {
    await using server = startKeyServer(published);
    using scene = await begin({ keys: server.url });
    expect(await scene.tokens.standingOf(bearer(await sign(by)), start)).toBe("staff");
    const admin = await sign(by, claims({ groups: ["admin"] }));
    expect(await scene.tokens.standingOf(bearer(admin), start)).toBe("superuser");
    expect(await scene.tokens.standingOf(bearer(await sign(stranger)), start)).toBeNull();
    expect(server.asked.length).toBe(1);
  });

  test("that is signed with a key of the file, or with its secret", async () => {
    await using folder = temporaryFolder();
    await writeFile(folder.file("keys.json"), published);
    const secret = "0123456789abcdef0123456789abcdef";
    await writeFile(folder.file("secret"), `${secret}\n`);
    using byKeys = await begin({ keys: folder.file("keys.json") });
    using bySecret = await begin({ secretFile: folder.file("secret"), algorithms: ["HS256"] });
    const secretly = await sign({ algorithm: "HS256", keyId: "x", privateKey: Buffer.from(secret) });
    expect(await byKeys.tokens.standingOf(bearer(await sign(rsa)), start)).toBe("staff");
    expect(await bySecret.tokens.standingOf(bearer(secretly), start)).toBe("staff");
    expect(await byKeys.tokens.standingOf(bearer(secretly), start)).toBeNull();
    expect(await bySecret.tokens.standingOf(bearer(await sign(rsa)), start)).toBeNull();
  });

  test("in the header before the cookie, in either if one alone says something, and the higher one of both", async () => {
    await using server = startKeyServer(published);
    using scene = await begin({ keys: server.url, cookie: "jwt" });
    const [staff, admin, user] = [
      await sign(rsa),
      await sign(rsa, claims({ groups: ["admin"] })),
      await sign(rsa, claims({ groups: [] })),
    ];
    const standing = (header: string, cookie: string) =>
      scene.tokens.standingOf({ ...bearer(header), cookie: `jwt=${cookie}` }, start);
    expect(await standing(user, staff)).toBe("staff");
    expect(await standing(staff, user)).toBe("staff");
    expect(await standing(staff, admin)).toBe("superuser");
    expect(await standing(user, user)).toBeNull();
    expect(scene.tokens.isShown({ ...noCredentials, cookie: `jwt=${user}` })).toBe(true);
    expect(scene.tokens.isShown({ ...noCredentials, cookie: `other=${user}`, authorization: "Basic eDp4" })).toBe(
      false,
    );
  });
});

describe("keys", () => {
  test("that are new are fetched when somebody shows a token of them", async () => {
    await using server = startKeyServer(keySet(rsa.published));
    using scene = await begin({ keys: server.url });
    server.answer = () => new Response(keySet(elliptic.published));
    const [former, newer] = [bearer(await sign(rsa)), bearer(await sign(elliptic))];
    expect(await scene.tokens.standingOf(newer, start)).toBeNull();
    await server.askedTimes(2);
    while ((await scene.tokens.standingOf(newer, start)) === null) await Bun.sleep(1);
    // What its issuer has withdrawn is over at once.
    expect(await scene.tokens.standingOf(former, start)).toBeNull();
  });

  test("are not fetched for what a known key has not signed, or what is over", async () => {
    await using server = startKeyServer(published);
    using scene = await begin({ keys: server.url });
    for (const token of [await sign(stranger), await sign(rsa, claims({ exp: 1 })), "a.b.c", `${await sign(rsa)}A`])
      expect(await scene.tokens.standingOf(bearer(token), start)).toBeNull();
    await Bun.sleep(5);
    expect(server.asked.length).toBe(1);
  });

  test("of a server that is slow keep nobody waiting: neither the start nor a check", async () => {
    await using server = startKeyServer();
    server.answer = never;
    const startedAtMs = performance.now();
    using scene = await begin({ keys: server.url });
    expect(performance.now() - startedAtMs).toBeLessThan(3_000);
    expect(await scene.tokens.standingOf(bearer(await sign(rsa)), start)).toBeNull();
  });

  test("that cannot be had are told, with the address, without what may be secret in it", async () => {
    await using server = startKeyServer("<html>");
    using scene = await begin({ keys: `${server.url}?key=hunter2` });
    const expected = `jwt_keys "${server.url}" is not JSON; a JWK Set is meant`;
    expect(scene.told).toEqual([expect.stringContaining(expected)]);
    expect(scene.told.join()).not.toContain("hunter2");
    expect(await scene.tokens.standingOf(bearer(await sign(rsa)), start)).toBeNull();
  });

  test("of a secret that is too short verify nothing, and that is told", async () => {
    await using folder = temporaryFolder();
    await writeFile(folder.file("secret"), "short");
    using scene = await begin({ secretFile: folder.file("secret"), algorithms: ["HS256"] });
    const named = `jwt_secret_file "${folder.file("secret")}" has 5 bytes; HS256 needs 32`;
    expect(scene.told).toEqual([expect.stringContaining(named)]);
    const token = await sign({ algorithm: "HS256", keyId: "x", privateKey: Buffer.from("short") });
    expect(await scene.tokens.standingOf(bearer(token), start)).toBeNull();
  });

  test("count for a day after their server died", async () => {
    await using server = startKeyServer(published);
    using scene = await begin({ keys: server.url });
    const day = 86_400_000;
    const token = bearer(await sign(rsa, claims({ exp: (start + 2 * day) / 1000 })));
    expect(await scene.tokens.standingOf(token, start + day)).toBe("staff");
    expect(await scene.tokens.standingOf(token, start + day + 1)).toBeNull();
  });

  test("of a predecessor go on under new settings, until the server says something else", async () => {
    await using server = startKeyServer(published);
    using former = await begin({ keys: server.url });
    server.answer = never;
    using scene = await begin({ keys: server.url, staff: { name: "groups", value: "users" } }, former.tokens);
    former.tokens.stop();
    const token = bearer(await sign(rsa, claims({ groups: ["users"] })));
    expect(await scene.tokens.standingOf(token, start)).toBe("staff");
    expect(await former.tokens.standingOf(token, start)).toBeNull();
  });

  test("of a predecessor from elsewhere do not", async () => {
    await using folder = temporaryFolder();
    await using server = startKeyServer(published);
    using former = await begin({ keys: server.url });
    using scene = await begin({ keys: folder.file("keys.json") }, former.tokens);
    expect(await scene.tokens.standingOf(bearer(await sign(rsa)), start)).toBeNull();
  });
});

describe("who is nobody by a token is told", () => {
  test("once for each reason, and not while another token makes them staff", async () => {
    await using server = startKeyServer(published);
    using scene = await begin({ keys: server.url, cookie: "jwt" });
    const [staff, over] = [await sign(rsa), await sign(rsa, claims({ exp: start / 1000 - 60 }))];
    await scene.tokens.standingOf({ ...bearer(over), cookie: `jwt=${staff}` }, start);
    expect(scene.refused).toEqual([]);
    for (let times = 0; times < 3; times++) await scene.tokens.standingOf(bearer(over), start);
    const user = await sign(rsa, claims({ groups: ["users"] }));
    await scene.tokens.standingOf(bearer(user), start);
    await scene.tokens.standingOf(bearer(over), start + 60_000);
    expect(scene.refused.map(({ of }) => of)).toEqual(["issuer", "visitor", "issuer"]);
  });

  test("when there are no keys", async () => {
    await using server = startKeyServer("<html>");
    using scene = await begin({ keys: server.url });
    await scene.tokens.standingOf(bearer(await sign(rsa)), start);
    expect(scene.refused.map(({ reason }) => reason)).toEqual([expect.stringContaining("there are no keys yet")]);
  });
});

describe("that others can read a file is told", () => {
  const secret = "0123456789abcdef0123456789abcdef";
  const secretOf = (path: string) => ({ secretFile: path, algorithms: ["HS256"] });
  const keysOf = (path: string) => ({ keys: path });
  const privately = keySet({ ...rsa.privateKey.export({ format: "jwk" }), kid: "rsa" }, rsa.published);

  test.each<[string, number, string, (path: string) => Partial<TokenSettings>, number]>([
    ["of a secret", 0o644, secret, secretOf, 1],
    ["of private keys", 0o644, privately, keysOf, 1],
    ["of symmetric keys", 0o644, keySet({ kty: "oct", k: "AAAA" }, rsa.published), keysOf, 1],
    ["but not of public keys", 0o644, published, keysOf, 0],
    ["but not of a secret that they cannot read", 0o640, secret, secretOf, 0],
    ["but not of private keys that they cannot read", 0o640, privately, keysOf, 0],
  ])("%s", async (_, mode, text, change, times) => {
    await using folder = temporaryFolder();
    const path = folder.file("keys");
    await writeFile(path, text);
    await chmod(path, mode);
    using first = await begin(change(path));
    using second = await begin(change(path), first.tokens);
    while (times > 0 && second.exposed.length === 0) await Bun.sleep(1);
    const name = change(path).keys === undefined ? "jwt_secret_file" : "jwt_keys";
    const warnings = Array<string>(times).fill(`${name} "${path}": others can read it: chmod 640`);
    expect([first.exposed, second.exposed]).toEqual([warnings, warnings]);
  });

  test("once, however often it is read", async () => {
    await using folder = temporaryFolder();
    await writeFile(folder.file("secret"), secret, { mode: 0o644 });
    const exposed: string[] = [];
    const source = keySourceOf(tokenSettings(secretOf(folder.file("secret"))), (warning) => void exposed.push(warning));
    for (let times = 0; times < 3; times++) await source.load(new AbortController().signal);
    expect(exposed.length).toBe(1);
  });
});
