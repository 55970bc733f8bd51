import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { claims, keySet, sign, signer } from "../staff/token-builders.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { noon, openConsole } from "./console.ts";

const rsa = signer("RS256", "rsa");
const tokenOf = (groups: readonly string[]) => sign(rsa, claims({ groups, exp: noon / 1000 + 300 }));

/** A console whose sites are closed, with a token in a file. */
async function begin(token: string, settings: readonly string[] = []) {
  const folder = temporaryFolder();
  const [keys, file] = [folder.file("keys.json"), folder.file("token")];
  await writeFile(keys, keySet(rsa.published));
  await writeFile(file, token);
  const console = openConsole({
    settings: [`jwt_keys = ${JSON.stringify(keys)}`, 'jwt_staff = "groups: staff"', ...settings],
  });
  await console.lull("setmaintenance on --offline");
  const dispose = async () => {
    await console[Symbol.asyncDispose]();
    await folder.remove();
  };
  return { console, file, keys, [Symbol.asyncDispose]: dispose };
}

test.each<[string, readonly string[], readonly string[], string, string]>([
  ["of staff lets them in", ["staff"], [], "open: the visitor is staff", "counts: its bearer is staff"],
  [
    "of others does not",
    [],
    [],
    "closed:",
    'does not count: no claim "groups" with the value "staff": it has iss, aud',
  ],
  [
    "of another issuer does not",
    ["staff"],
    ['jwt_issuer = "x"'],
    "closed:",
    'does not count: iss is not jwt_issuer "x"',
  ],
  ["of staff who are blocked counts", ["staff"], ["block_staff = true"], "closed:", "counts: its bearer is staff"],
])("explain says that a token %s", async (_, groups, settings, verdict, words) => {
  const token = await tokenOf(groups);
  await using scene = await begin(`Bearer ${token}\n`, settings);
  const { code, out, err } = await scene.console.call("explain", "--token-file", scene.file);
  const lines = out.split("\n");
  expect([code, lines[0], lines.find((line) => line.startsWith("token: "))]).toEqual([
    0,
    expect.stringContaining(verdict),
    expect.stringContaining(`token: ${words}`),
  ]);
  expect(out + err).not.toContain(token.slice(0, 20));
});

test("explain reads a token from standard input, says it in JSON, and at the instant that is asked for", async () => {
  await using scene = await begin("");
  scene.console.type(new TextEncoder().encode(await tokenOf(["staff"])));
  expect(await scene.console.json("explain --token-file -")).toMatchObject({
    exitCode: 0,
    verdict: "open",
    as: "staff",
    token: { standing: "staff", reason: null },
  });
  expect(await scene.console.json("explain --token-file - --at 2026-11-20T12:06Z")).toMatchObject({
    verdict: "closed",
    as: null,
    token: { standing: null, reason: "expired" },
  });
  expect(await scene.console.json("explain")).toMatchObject({ token: null });
});

test.each<[string, readonly string[], number, string]>([
  ["a file that is not there", ["--token-file", "/nowhere/token"], 2, '--token-file "/nowhere/token" cannot be read'],
  ["a standing beside it", ["--token-file", "-", "--as", "staff"], 2, "--as and --token-file exclude each other"],
  ["standard input twice", ["--token-file", "-", "--uri-file", "-"], 2, "cannot both be standard input"],
])("explain refuses %s", async (_, words, code, message) => {
  await using scene = await begin("");
  const said = await scene.console.call("explain", ...words);
  expect([said.code, said.err]).toEqual([code, expect.stringContaining(message)]);
});

test("explain says that keys cannot be had", async () => {
  await using scene = await begin(await tokenOf(["staff"]));
  await Bun.file(scene.keys).delete();
  const said = await scene.console.call("explain", "--token-file", scene.file);
  expect([said.code, said.err]).toEqual([5, expect.stringContaining("there is no such file")]);
});
