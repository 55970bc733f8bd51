import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { canonicalPath } from "../../../src/gate/path.ts";
import { generateTargets } from "../../gate/path-targets.ts";
import { needProgram } from "../../support/debian.ts";
import { type Nginx, startNginx } from "../../support/nginx.ts";
import { openConnection, type RawConnection } from "../../support/raw-http.ts";

const CORPUS = join(import.meta.dir, "../../gate/corpora/nginx-paths.jsonl");
const CONNECTIONS = 8;

/** What nginx takes the path to be, in its own bytes; nothing is escaped in a `return`. */
const CONFIGURATION = `
server {
  listen 127.0.0.1:@port.oracle@;
  keepalive_requests 100000;
  location / { default_type application/octet-stream; return 200 $uri; }
}`;

describe.skipIf((await needProgram("nginx")) === null)("a path is ambiguous, or what nginx takes it for", () => {
  let nginx: Nginx;
  beforeAll(async () => {
    nginx = await startNginx({ http: CONFIGURATION });
  });
  afterAll(() => nginx.stop());

  test("for every target of the corpus", async () => {
    const lines = (await Bun.file(CORPUS).text()).trim().split("\n");
    const targets = lines.map((line) => String(JSON.parse(line).raw));
    expect(targets).toHaveLength(175);
    expect(await differences(targets, nginx.port("oracle"))).toEqual([]);
  });

  const seed = Number(Bun.env["LULL_SEED"] ?? Math.floor(Math.random() * 1_000_000_000));
  test(`for 3,000 generated targets, LULL_SEED=${seed}`, async () => {
    const targets = generateTargets(3_000, seed);
    const readable = targets.filter((target) => canonicalPath(target) !== null).length;
    // Otherwise there would be little to compare.
    expect(readable).toBeGreaterThan(300);
    expect(await differences(targets, nginx.port("oracle"))).toEqual([]);
  });
});

interface Difference {
  readonly target: string;
  readonly ours: string;
  /** Null: nginx refuses the target. */
  readonly nginx: string | null;
}

async function differences(targets: readonly string[], port: number): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  const left = targets.values();
  const lane = async () => {
    let connection: RawConnection | null = null;
    for (const target of left) {
      connection = connection === null || connection.isClosed() ? await openConnection(oracleAt(port)) : connection;
      const theirs = await ask(connection, target);
      if (theirs === null) {
        await connection.close();
        connection = null;
      }
      const ours = canonicalPath(target);
      if (ours !== null && ours !== theirs) found.push({ target, ours, nginx: theirs });
    }
    await connection?.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  return found;
}

function oracleAt(port: number) {
  return { host: "127.0.0.1", port };
}

/** The path as UTF-8; null when nginx refuses the target, or does not answer in HTTP/1.1 (a line feed in the target). */
async function ask(connection: RawConnection, target: string): Promise<string | null> {
  connection.send(`GET ${target} HTTP/1.1\r\nHost: oracle.test\r\n\r\n`);
  try {
    const response = await connection.receive();
    return response.status === 200 ? new TextDecoder("utf-8", { fatal: true }).decode(response.body) : null;
  } catch {
    return null;
  }
}
