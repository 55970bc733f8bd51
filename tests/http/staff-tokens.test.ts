import { expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { startKeyServer } from "../staff/key-server.ts";
import { claims, keySet, sign, signer, tokenSettings } from "../staff/token-builders.ts";
import { sendRaw } from "../support/raw-http.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Fixture, request, startFixture } from "./sidecar-fixture.ts";

const rsa = signer("RS256", "rsa");
const staffBy = (url: string) => ({
  blockStaff: false,
  claims: { staff: null, superuser: null },
  tokens: tokenSettings({ keys: url }),
  probe: null,
});

async function check(fixture: Fixture, token: string): Promise<string> {
  const headers = { Authorization: `Bearer ${token}` };
  const { status, header } = await sendRaw(fixture.tcp, request("/check/nginx", headers));
  return `${status} ${header("x-lull-why")}`;
}

test("a token lets staff in, says as whom, and stands in no log", async () => {
  await using server = startKeyServer(keySet(rsa.published));
  await using fixture = await startFixture({ periods: [{}], config: { staff: staffBy(server.url) } });
  const token = await sign(rsa);
  expect(await check(fixture, token)).toBe("204 staff");
  expect(await check(fixture, token.replace(/[^.]+$/, "AAAA"))).toBe("403 null");
  expect(JSON.stringify(fixture.logged)).not.toContain(token.slice(0, 20));
});

test("a reload keeps staff in, though the keys cannot be fetched anew", async () => {
  await using server = startKeyServer(keySet(rsa.published));
  const config = { staff: staffBy(server.url) };
  await using fixture = await startFixture({ periods: [{}], config });
  server.answer = () => new Promise<never>(() => {});
  await fixture.server.reload({ ...fixture.config, retryAfterSeconds: 60 });
  expect(await check(fixture, await sign(rsa))).toBe("204 staff");
  await fixture.server.reload({ ...fixture.config, staff: { ...config.staff, tokens: null } });
  expect(await check(fixture, await sign(rsa))).toBe("403 null");
});

test("keys that cannot be had are in the log, and nobody waits for them", async () => {
  await using server = startKeyServer("<html>");
  await using fixture = await startFixture({ periods: [{}], config: { staff: staffBy(server.url) } });
  expect(await check(fixture, await sign(rsa))).toBe("403 null");
  expect(fixture.logged).toContainEqual(expect.objectContaining({ level: "error", event: "staff-keys-fault" }));
});

test("why a token makes nobody staff is in the log, and only as a detail when it is good and of no staff", async () => {
  await using server = startKeyServer(keySet(rsa.published));
  await using fixture = await startFixture({ periods: [{}], config: { staff: staffBy(server.url) } });
  const tokens = [await sign(rsa, claims({ iss: "https://hunter2.example" })), await sign(rsa, claims({ groups: [] }))];
  for (const token of tokens) expect(await check(fixture, token)).toBe("403 null");
  const told = fixture.logged.filter(({ event }) => event === "staff-token-refused");
  expect(told).toEqual([
    expect.objectContaining({ level: "warn", reason: 'iss is not jwt_issuer "https://id.example.com/"' }),
    expect.objectContaining({ level: "debug", reason: expect.stringContaining('no claim "groups"') }),
  ]);
  expect(JSON.stringify(told)).not.toContain("hunter2");
  for (const token of tokens) expect(JSON.stringify(told)).not.toContain(token.slice(0, 20));
});

test("keys that cannot be had are a warning of /readyz, until they are there", async () => {
  await using server = startKeyServer("<html>");
  await using fixture = await startFixture({ config: { staff: staffBy(server.url) } });
  const ready = await sendRaw(fixture.tcp, request("/readyz"));
  const lines = ready.text().split("\n");
  expect([ready.status, lines[0]]).toEqual([200, "ready"]);
  expect(lines[1]).toStartWith(`warning: jwt_keys "${server.url}" is not JSON`);
  server.answer = () => new Response(keySet(rsa.published));
  await fixture.server.reload(fixture.config);
  expect((await sendRaw(fixture.tcp, request("/readyz"))).text()).toBe("ready\n");
});

test("a secret that others can read is a warning in the log", async () => {
  await using folder = temporaryFolder();
  await Bun.write(folder.file("secret"), "x".repeat(32));
  await chmod(folder.file("secret"), 0o644);
  const tokens = tokenSettings({ secretFile: folder.file("secret"), algorithms: ["HS256"] });
  await using fixture = await startFixture({ config: { staff: { ...staffBy(""), tokens } } });
  const warning = `jwt_secret_file "${folder.file("secret")}": others can read it: chmod 640`;
  expect(fixture.logged).toContainEqual(
    expect.objectContaining({ level: "warn", event: "staff-secret-exposed", warning }),
  );
});
