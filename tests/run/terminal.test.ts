/** On a terminal of its own, once under a shell with job control and once with nobody above. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { statusOf } from "../../src/run/process-group.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { until } from "./supervised.ts";
import { lullFromSource, supervising } from "./supervising-process.ts";

interface Screen extends AsyncDisposable {
  /** Returns when this shows, behind what was waited for before. */
  shows(text: string): Promise<void>;
  type(keys: string): void;
  hangUp(): void;
  /** All of it. */
  text(): string;
  readonly exited: Promise<number>;
}

/** Without anything new. */
const limitMs = 4_000;
const ctrlC = "\x03";
const ctrlZ = "\x1a";

function openScreen(command: readonly string[]): Screen {
  const decoder = new TextDecoder();
  let text = "";
  let seen = 0;
  let wake = () => {};
  const child = Bun.spawn([...command], {
    env: { PATH: "/usr/bin:/bin", PS1: "PROMPT ", TERM: "dumb" },
    terminal: {
      data(_, bytes) {
        text += decoder.decode(bytes, { stream: true });
        wake();
      },
    },
  });
  const { terminal } = child;
  if (terminal === undefined) throw new Error("no terminal");
  return {
    async shows(wanted) {
      while (!text.includes(wanted, seen)) {
        const more = new Promise<boolean>((resolve) => {
          wake = () => resolve(true);
        });
        const over = Bun.sleep(limitMs).then(() => false);
        const goesOn = await Promise.race([more, over, child.exited.then(() => text.includes(wanted, seen))]);
        if (!goesOn) throw new Error(`there is no "${wanted}" in ${JSON.stringify(text.slice(seen))}`);
      }
      seen = text.indexOf(wanted, seen) + wanted.length;
    },
    type: (keys) => void terminal.write(keys),
    hangUp: () => terminal.close(),
    text: () => text,
    exited: child.exited,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      terminal.close();
    },
  };
}

function lull(folder: TemporaryFolder, script: string, leaseMs = 30_000): readonly string[] {
  const report = folder.file("report");
  return supervising({ leaseMs, renewal: "works", report, program: lullFromSource }, ["sh", "-c", script]);
}

/** A file of commands that runs it, for a shell that people type into: `sh file`. */
async function written(folder: TemporaryFolder, script: string, leaseMs?: number): Promise<string> {
  const file = join(folder.path, "l");
  const words = lull(folder, script, leaseMs).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  await Bun.write(file, `exec ${words.join(" ")}\n`);
  return file;
}

/** Counts SIGINT until a line is typed. */
const counting =
  "trap 'n=$((n + 1)); echo count $n' INT; echo up; while :; do read line && break; done; echo last $n; exit 6";

/** Says whether the terminal is COMMAND's group's. */
const whose = 'ps -o pgid=,tpgid= -p $$ | awk \'{ print $1 == $2 ? "mine." : "not mine." }\'';

describe("alone on a terminal", () => {
  test("COMMAND has it from the start, and who waits for lull has it again in the end", async () => {
    await using folder = temporaryFolder();
    const file = await written(folder, `${whose}; exit 3`);
    await using screen = openScreen(["sh", "-c", `sh ${file}; echo code $?; read line </dev/tty; echo got $line`]);
    await screen.shows("mine.");
    await screen.shows("code 3");
    screen.type("more\n");
    await screen.shows("got more");
    expect(screen.text()).not.toContain("not mine");
  });

  test("Ctrl-C reaches COMMAND once", async () => {
    await using folder = temporaryFolder();
    await using screen = openScreen(lull(folder, counting));
    await screen.shows("up");
    screen.type(ctrlC);
    await screen.shows("count 1");
    screen.type(ctrlC);
    await screen.shows("count 2");
    screen.type("\n");
    await screen.shows("last 2");
    expect(await screen.exited).toBe(6);
  });

  test("COMMAND asks for a password on /dev/tty, without echo", async () => {
    await using folder = temporaryFolder();
    const script =
      "exec 3<>/dev/tty; stty -echo <&3; printf 'Password: ' >&3; read p <&3; stty echo <&3; echo $p | rev";
    await using screen = openScreen(lull(folder, script));
    await screen.shows("Password: ");
    screen.type("secret\n");
    await screen.shows("terces");
    expect(await screen.exited).toBe(0);
    expect(screen.text()).not.toContain("secret");
  });

  test("Ctrl-Z stops nothing, because nobody could continue it", async () => {
    await using folder = temporaryFolder();
    await using screen = openScreen(lull(folder, "echo up; read line; echo got $line"));
    await screen.shows("up");
    screen.type(ctrlZ);
    await screen.shows("^Z");
    screen.type("more\n");
    await screen.shows("got more");
    expect(await screen.exited).toBe(0);
  });

  test("COMMAND that outlives the terminal is still guarded and renewed", async () => {
    await using folder = temporaryFolder();
    const [done, go] = [folder.file("done"), folder.file("go")];
    const script = `trap 'echo x > ${folder.file("hup")}' HUP; echo up; until [ -e ${go} ]; do sleep 0.01; done; echo x > ${done}`;
    await using screen = openScreen(lull(folder, script, 2_000));
    await screen.shows("up");
    screen.hangUp();
    const renewals = async () =>
      (
        await Bun.file(folder.file("report"))
          .text()
          .catch(() => "")
      ).split("\n").length - 2;
    while ((await renewals()) < 5) await Bun.sleep(50);
    await Bun.write(go, "");
    expect(await screen.exited).toBe(0);
    expect([await Bun.file(done).exists(), await Bun.file(folder.file("hup")).exists()]).toEqual([true, true]);
  });
});

describe("under a shell with job control", () => {
  const shell = ["bash", "--norc", "--noprofile", "-i"];

  test("Ctrl-Z suspends, fg gives COMMAND the terminal again, and at the end the shell has it", async () => {
    await using folder = temporaryFolder();
    const file = await written(
      folder,
      `trap '${whose.replaceAll("'", "'\\''")}; n=1' CONT; echo up; until [ "$n" = 1 ]; do :; done; read line; echo got $line`,
    );
    await using screen = openScreen(shell);
    await screen.shows("PROMPT ");
    screen.type(`sh ${file}\n`);
    await screen.shows("up\r\n");
    screen.type(ctrlZ);
    await screen.shows("lull: suspended");
    await screen.shows("Stopped");
    await screen.shows("PROMPT ");
    screen.type("fg\n");
    await screen.shows("\r\nmine.");
    screen.type("hello\n");
    await screen.shows("got hello");
    await screen.shows("PROMPT ");
    screen.type("echo code $?; exit\n");
    await screen.shows("code 0\r\n");
  });

  test("COMMAND that stays suspended is ended before the lease is over", async () => {
    await using folder = temporaryFolder();
    const file = await written(folder, "echo up; exec sleep 600", 2_000);
    await using screen = openScreen(shell);
    await screen.shows("PROMPT ");
    screen.type(`sh ${file}\n`);
    await screen.shows("up\r\n");
    screen.type(ctrlZ);
    await screen.shows("Stopped");
    await screen.shows("lull: the hold was not renewed in time");
    screen.type("fg || echo code $?\n");
    await screen.shows("code 143");
  });

  test("in a pipeline COMMAND gets the terminal when it asks for it", async () => {
    await using folder = temporaryFolder();
    const file = await written(folder, `${whose}; read line </dev/tty; echo got $line`);
    await using screen = openScreen(shell);
    await screen.shows("PROMPT ");
    screen.type(`sh ${file} | cat\n`);
    await screen.shows("not mine.\r\n");
    screen.type("hello\n");
    await screen.shows("got hello");
    screen.type("exit\n");
    expect(await screen.exited).toBe(0);
  });

  test("in the background COMMAND that asks for the terminal waits for fg", async () => {
    await using folder = temporaryFolder();
    const file = await written(folder, "read line; echo got $line");
    await using screen = openScreen(shell);
    await screen.shows("PROMPT ");
    screen.type(`sh ${file} &\n`);
    await screen.shows("lull: suspended");
    // It says so before it is.
    const job = Number(/\[1\] (\d+)/.exec(screen.text())?.[1]);
    await until(() => (statusOf(job)?.state === "T" ? true : undefined));
    screen.type("fg\n");
    await screen.shows(`sh ${file}`);
    screen.type("hello\n");
    await screen.shows("got hello");
  });

  test("a shell as COMMAND has job control of its own", async () => {
    await using folder = temporaryFolder();
    const file = await written(folder, "PS1='INNER ' exec bash --norc --noprofile -i");
    await using screen = openScreen(shell);
    await screen.shows("PROMPT ");
    screen.type(`sh ${file}\n`);
    await screen.shows("INNER ");
    screen.type("sh -c 'echo st''arted; exec sleep 600'\n");
    await screen.shows("started");
    screen.type(ctrlZ);
    await screen.shows("Stopped");
    await screen.shows("INNER ");
    screen.type("disown %1; exit 7\n");
    await screen.shows("PROMPT ");
    screen.type("echo code $?; exit\n");
    await screen.shows("code 7\r\n");
  });
});
