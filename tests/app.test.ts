import { expect, test } from "bun:test";
import { once } from "node:events";
import { createServer } from "node:net";
import { startSidecar } from "../src/app.ts";
import { settingsOf } from "../src/cli/config-for.ts";
import { databaseUrl } from "../src/config/database.ts";
import { loadConfig } from "../src/config.ts";
import { createLog } from "../src/log.ts";
import { askElsewhereNow } from "./store/asking-process.ts";
import { lockElsewhere } from "./store/locking-process.ts";
import { refusalOf } from "./store/store-fixture.ts";
import { makeDatabase, sidecarsIn } from "./store/thread-fixture.ts";
import { machineWith } from "./support/machine.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

function optionsFor(path: string, listen: string, takeover: boolean) {
  const flags = { database: databaseUrl(path), listen };
  const config = loadConfig({ flags, environment: {}, machine: machineWith() });
  const log = createLog({ level: () => "error", now: Date.now, write: () => {} });
  return { config, settings: settingsOf(config), source: "database", takeover, log, now: Date.now } as const;
}

test("a successor is on the list before it looks whose place it takes, and no longer when it may not", async () => {
  await using folder = temporaryFolder();
  const path = folder.file("lull.db");
  await makeDatabase(path);
  const listed: unknown[] = [];
  const other = createServer((socket) => {
    listed.push(...askElsewhereNow(path, "SELECT listen FROM sidecar"));
    socket.end("SSH-2.0-x\r\n");
  }).listen(0, "127.0.0.1");
  await once(other, "listening");
  const bound = other.address();
  const address = `127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`;
  expect(await refusalOf(startSidecar(optionsFor(path, address, true)))).toContain("in use");
  expect(listed).toEqual([address]);
  expect(await sidecarsIn(path)).toEqual([]);
  other.close();
});

test.each([
  ["a successor that cannot be put on the list takes nobody's place", true, "the list of sidecars cannot be written"],
  ["one that replaces nobody serves all the same", false, null],
] as const)("%s", async (_sentence, takeover, why) => {
  await using folder = temporaryFolder();
  const path = folder.file("lull.db");
  await makeDatabase(path);
  await using _lock = await lockElsewhere(path, "writing");
  const started = startSidecar(optionsFor(path, `unix:${folder.file("lull.sock")}`, takeover));
  if (why === null) await (await started).stop();
  else expect(await refusalOf(started)).toContain(why);
});
