/** What `lull run` gives its command to get in by: the compiled program, a real sidecar and real commands. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { openRunScene, type RunScene } from "./run-scene.ts";

const hourMs = 3_600_000;
const tokenForm = /^[\w-]{43}$/;

/** Variables that the command has been given, by name. */
type Variables = Readonly<Record<string, string>>;

/** A command line that prints those that it was given. */
const printing = ["sh", "-c", "env | grep LULL_BYPASS_ | sort; true"];

function variablesIn(output: string): Variables {
  const lines = output.split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => line.split("=", 2)));
}

/** A command line that prints what a visitor of `host` gets, with the value of this variable as its token and without. */
function visiting({ sidecar }: RunScene, host: string, variable: string): readonly string[] {
  const visit = { "X-Forwarded-Host": host, "X-Forwarded-Uri": "/", "X-Forwarded-Method": "GET" };
  const script = `
    const ask = async (headers) => (await fetch("${sidecar.url}/check/nginx", { headers })).status;
    const visit = ${JSON.stringify({ ...visit, "X-Real-IP": "203.0.113.9" })};
    console.log(await ask(visit), await ask({ ...visit, "X-Lull-Bypass": process.env.${variable} ?? "" }));`;
  return [process.execPath, "-e", script];
}

/** SQLite itself refuses from now on. */
function refuse({ folder }: RunScene, what: "INSERT" | "DELETE"): void {
  using database = new Database(folder.file("lull.db"));
  database.run(`CREATE TRIGGER refuse BEFORE ${what} ON bypass BEGIN SELECT RAISE(ABORT, 'refused on purpose'); END`);
}

test("a token lets the command into all sites, and nobody when the command has ended", async () => {
  await using scene = await openRunScene();
  const { program } = scene;
  const ended = await program.run("run", "--", ...visiting(scene, "a.example", "LULL_BYPASS_TOKEN"));
  expect([ended.code, ended.output]).toEqual([0, "403 204\n"]);
  expect(ended.errors).toContain(`lull: "${process.execPath}" gets in by LULL_BYPASS_TOKEN\n`);
  expect(await scene.bypasses()).toEqual([]);
  const printed = await program.run("run", "--", ...printing);
  const { LULL_BYPASS_TOKEN = "", ...others } = variablesIn(printed.output);
  expect([tokenForm.test(LULL_BYPASS_TOKEN), others]).toEqual([true, {}]);
  // A closed site again, and the token is nothing any more.
  await program.run("downtime_start");
  const late = [...visiting(scene, "a.example", "LATE")];
  const child = Bun.spawn(late, { env: { ...program.environment, LATE: LULL_BYPASS_TOKEN }, stdout: "pipe" });
  expect(await child.stdout.text()).toBe("403 403\n");
});

test("one site: the link that bypass create would print, and its token", async () => {
  await using scene = await openRunScene();
  await scene.program.run("site", "add", "b.example");
  const script = `
    const { LULL_BYPASS_URL: url, LULL_BYPASS_TOKEN: token } = process.env;
    const visit = { "X-Forwarded-Host": new URL(url).host, "X-Real-IP": "203.0.113.9" };
    const ask = async (place, method, uri, more) => await fetch("${scene.sidecar.url}" + place, {
      headers: { ...visit, "X-Forwarded-Method": method, "X-Forwarded-Uri": uri, ...more }, redirect: "manual" });
    const entered = await ask("/public", "POST", new URL(url).pathname, { "X-Forwarded-Proto": "https" });
    const cookie = entered.headers.get("set-cookie").split(";")[0];
    const inside = await ask("/check/nginx", "GET", "/", { Cookie: cookie });
    console.log(entered.status, inside.status, url.replace(token, "TOKEN"));`;
  const words = ["run", "--site", "b.example", "--", process.execPath, "-e", script];
  const { output, errors } = await scene.program.run(...words);
  expect(output).toBe("303 204 https://b.example/.lull/bypass/TOKEN\n");
  expect(errors).toContain("gets in by LULL_BYPASS_URL, LULL_BYPASS_TOKEN\n");
});

test.each([
  ["every host", "1"],
  ["every host below one", "*.c.example"],
] as const)("one site that is %s: the token alone", async (_sentence, site) => {
  await using scene = await openRunScene();
  await scene.program.run("site", "add", "*.c.example");
  const { output } = await scene.program.run("run", "--site", site, "--", ...printing);
  expect(Object.keys(variablesIn(output))).toEqual(["LULL_BYPASS_TOKEN"]);
});

test("several sites: one for each, by the site's number, which lets into that one alone", async () => {
  await using scene = await openRunScene();
  await scene.program.run("site", "add", "b.example");
  await scene.program.run("site", "add", "*.c.example");
  const words = ["run", "--site", "b.example,*.c.example,2", "--"];
  const { output } = await scene.program.run(...words, ...printing);
  const variables = variablesIn(output);
  const names = ["LULL_BYPASS_TOKEN_2", "LULL_BYPASS_TOKEN_3", "LULL_BYPASS_URL_2"];
  expect(Object.keys(variables)).toEqual(names);
  expect(variables["LULL_BYPASS_URL_2"]).toBe(`https://b.example/.lull/bypass/${variables["LULL_BYPASS_TOKEN_2"]}`);
  for (const [host, variable, statuses] of [
    ["b.example", "LULL_BYPASS_TOKEN_2", "403 204\n"],
    ["www.c.example", "LULL_BYPASS_TOKEN_3", "403 204\n"],
    ["b.example", "LULL_BYPASS_TOKEN_3", "403 403\n"],
    ["b.example", "LULL_BYPASS_TOKEN", "403 403\n"],
  ] as const) {
    const asked = await scene.program.run(...words, ...visiting(scene, host, variable));
    expect([host, variable, asked.output]).toEqual([host, variable, statuses]);
  }
  expect(await scene.bypasses()).toEqual([]);
});

test("--no-bypass makes none, and hands on none of another run", async () => {
  await using scene = await openRunScene();
  const inner = scene.program.command(["run", "--quiet", "--no-bypass", "--", ...printing]);
  const { code, output } = await scene.program.run("run", "--", ...inner);
  expect([code, output]).toEqual([0, ""]);
  expect((await scene.actions()).filter((action) => action === "bypass.create")).toEqual(["bypass.create"]);
});

test("a run inside another has its own, and takes back no other", async () => {
  await using scene = await openRunScene();
  await scene.program.run("site", "add", "b.example");
  const inner = scene.program.command(["run", "--quiet", "--site", "1", "--name", "inner", "--", ...printing]);
  const script = `printenv LULL_BYPASS_URL; ${inner.map((word) => `'${word}'`).join(" ")}; "$0" bypass list --json`;
  const [binary = ""] = scene.program.command([]);
  const { output } = await scene.program.run("run", "--site", "2", "--", "sh", "-c", script, binary);
  const [link = "", variable = "", list = ""] = output.split("\n");
  expect([link, variable]).toEqual([
    expect.stringMatching(/^https:\/\/b\.example\/\.lull\/bypass\/[\w-]{43}$/),
    expect.stringMatching(/^LULL_BYPASS_TOKEN=[\w-]{43}$/),
  ]);
  expect(variable.slice(-43)).not.toBe(link.slice(-43));
  expect(JSON.parse(list).bypasses).toMatchObject([{ siteId: 2 }]);
});

test.each([
  ["has failed", [], ["sh", "-c", "exit 3"], 3],
  ["has failed, and the sites stay closed", ["--on-failure", "keep"], ["sh", "-c", "exit 3"], 3],
  ["was ended by a signal", [], ["sh", "-c", "kill -9 $$"], 137],
] as const)("takes it back when the command %s", async (_sentence, options, words, code) => {
  await using scene = await openRunScene();
  expect((await scene.program.run("run", ...options, "--", ...words)).code).toBe(code);
  expect(await scene.bypasses()).toEqual([]);
  expect(await scene.actions()).toContain("bypass.revoke");
});

test("takes it back when the command was not started, because no sidecar has closed", async () => {
  await using scene = await openRunScene();
  scene.sidecar.kill("SIGTERM");
  await scene.sidecar.exited;
  expect((await scene.program.run("run", "--", "true")).code).toBe(125);
  expect([await scene.bypasses(), await scene.periods()]).toEqual([[], []]);
});

test.each([
  ["a day", [], 24],
  ["a day after --for", ["--for", "2h"], 26],
] as const)("holds for %s at the most, and is called after the command's name alone", async (_, options, hours) => {
  await using scene = await openRunScene();
  const [binary = ""] = scene.program.command([]);
  const begunMs = Date.now();
  const words = ["sh", "-c", '"$0" bypass list --json', binary, "--password=secret"];
  const { output } = await scene.program.run("run", ...options, "--", ...words);
  const [bypass] = JSON.parse(output).bypasses;
  expect(bypass).toMatchObject({ label: "lull run: sh", siteId: null, isSingleUse: false, mayBeInsecure: false });
  const heldMs = Date.parse(bypass.expires) - begunMs;
  expect(heldMs).toBeGreaterThanOrEqual(hours * hourMs - 1_000);
  expect(heldMs).toBeLessThan((hours + 0.1) * hourMs);
});

test("a long name of a command is told by its end, without what would disturb a terminal", async () => {
  await using scene = await openRunScene();
  const file = scene.folder.file(`\u001b[31m${"x".repeat(100)}`);
  await Bun.write(file, '#!/bin/sh\nexec "$1" bypass list --json\n');
  await chmod(file, 0o755);
  const { output } = await scene.program.run("run", "--", file, ...scene.program.command([]));
  expect(JSON.parse(output).bypasses).toMatchObject([{ label: `lull run: …${"x".repeat(79)}` }]);
  const short = scene.folder.file("\u001by");
  await Bun.write(short, await Bun.file(file).text());
  await chmod(short, 0o755);
  const { output: shown } = await scene.program.run("run", "--", short, ...scene.program.command([]));
  expect(JSON.parse(shown).bypasses[0].label).toEndWith("/\ufffdy");
});

test("is not minded when somebody has revoked it, or removed its site, meanwhile", async () => {
  await using scene = await openRunScene();
  await scene.program.run("site", "add", "b.example");
  const revokes = scene.program.command(["bypass", "revoke", "--all", "--quiet"]);
  for (const words of [
    ["--", ...revokes],
    ["--site", "2", "--", ...scene.program.command(["site", "remove", "2", "--force", "--quiet"])],
  ]) {
    const { code, errors } = await scene.program.run("run", ...words);
    expect([code, errors.includes("could not be revoked")]).toEqual([0, false]);
  }
  expect([await scene.bypasses(), await scene.periods(), await scene.ask()]).toEqual([[], [], 204]);
});

test("125 where it cannot be made, and nothing stays closed", async () => {
  await using scene = await openRunScene();
  refuse(scene, "INSERT");
  const file = scene.folder.file("touched");
  const { code, errors } = await scene.program.run("run", "--", "touch", file);
  expect([code, errors.trimEnd().split("\n").length]).toEqual([125, 1]);
  expect([await Bun.file(file).exists(), await scene.periods()]).toEqual([false, []]);
  expect((await scene.program.run("run", "--no-bypass", "--", "touch", file)).code).toBe(0);
  expect(await scene.ask()).toBe(204);
});

test("where it cannot be taken back the sites open all the same, and it is said what to do", async () => {
  await using scene = await openRunScene();
  refuse(scene, "DELETE");
  const { code, errors } = await scene.program.run("run", "--", "true");
  expect(code).toBe(0);
  expect(errors).toMatch(
    /^lull: what let the command in could not be revoked, and is over at .+, or with lull bypass revoke 1: .+$/m,
  );
  expect([await scene.ask(), (await scene.bypasses()).length]).toEqual([204, 1]);
});

test("the token stands in the command's environment, and nowhere else", async () => {
  await using scene = await openRunScene();
  const script = `
    const { readdirSync, readFileSync } = require("node:fs");
    const read = (process) => { try { return readFileSync("/proc/" + process + "/cmdline", "utf8"); } catch { return ""; } };
    const token = process.env.LULL_BYPASS_TOKEN;
    console.log(token, readdirSync("/proc").filter((name) => read(name).includes(token)).length);`;
  const { output, errors } = await scene.program.run("run", "--", process.execPath, "-e", script);
  const [token = "", lines] = output.trim().split(" ");
  expect([tokenForm.test(token), lines]).toEqual([true, "0"]);
  const { output: audit } = await scene.program.run("audit", "--json");
  const said = [errors, audit, JSON.stringify(scene.sidecar.log), (await scene.program.run("audit")).output];
  expect(said.filter((text) => text.includes(token))).toEqual([]);
});
