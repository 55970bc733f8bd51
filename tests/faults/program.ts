/** The compiled program, with a database of the test's own and no other configuration. */
import { binaryPath } from "../support/binary.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

export interface RunningSidecar extends AsyncDisposable {
  readonly pid: number;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** The events of its log so far. */
  readonly log: readonly Record<string, unknown>[];
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
}

export interface Program {
  readonly environment: Readonly<Record<string, string>>;
  /** The command line of the program, for who starts it differently. */
  command(words: readonly string[]): readonly string[];
  run(...words: readonly string[]): Promise<Ended>;
  /** Returns when it listens; fails when it does not. */
  serve(...words: readonly string[]): Promise<RunningSidecar>;
}

export interface ProgramOptions {
  readonly folder: TemporaryFolder;
  readonly database: string;
  /** Put before every command line, such as `nsenter`. */
  readonly prefix?: readonly string[];
}

export async function programWith({ folder, database, prefix = [] }: ProgramOptions): Promise<Program> {
  const binary = await binaryPath();
  const configuration = folder.file("lull.toml");
  await Bun.write(configuration, "");
  const environment = {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: folder.path,
    LULL_CONFIG: configuration,
    LULL_DATABASE: `file:${database}`,
  };
  const command = (words: readonly string[]) => [...prefix, binary, ...words];
  return {
    environment,
    command,
    async run(...words) {
      const child = Bun.spawn(command(words), {
        env: environment,
        cwd: "/",
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      return { code, output, errors };
    },
    async serve(...words) {
      const line = command(["serve", "--listen", "127.0.0.1:0", "--json", ...words]);
      const child = Bun.spawn(line, { env: environment, cwd: "/", stdin: "ignore", stdout: "pipe", stderr: "pipe" });
      const log: Record<string, unknown>[] = [];
      const logged = readLines(child.stderr, (text) => log.push(JSON.parse(text)));
      const { value } = await child.stdout.getReader().read();
      if (value === undefined) {
        await logged;
        throw new Error(`it ended with ${await child.exited}: ${JSON.stringify(log)}`);
      }
      const { addresses } = JSON.parse(new TextDecoder().decode(value));
      return {
        pid: child.pid,
        url: `http://${addresses[0]}`,
        log,
        exited: child.exited,
        kill: (signal) => child.kill(signal),
        async [Symbol.asyncDispose]() {
          child.kill("SIGKILL");
          await child.exited;
        },
      };
    },
  };
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
}

/** Asks as nginx does for a visitor of `/`; gives the status: 204 open, 403 closed. */
export async function check(url: string): Promise<number> {
  const visit = {
    "X-Forwarded-Host": "a.example",
    "X-Forwarded-Uri": "/",
    "X-Forwarded-Method": "GET",
    "X-Real-IP": "203.0.113.9",
  };
  const response = await fetch(`${url}/check/nginx`, { headers: visit });
  await response.arrayBuffer();
  return response.status;
}
