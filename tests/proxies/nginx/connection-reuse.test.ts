import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openConnection } from "../../support/raw-http.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";
import { type ConnectionCounter, countConnections } from "./connection-counter.ts";
import { type Gate, lacksGate, startGate } from "./gate.ts";
import { requestText, type VisitParts } from "./visit.ts";

const CHECKS = 200;

describe.skipIf(await lacksGate())("nginx keeps its connection to the sidecar", () => {
  let folder: TemporaryFolder;
  let gate: Gate;
  let counter: ConnectionCounter;
  beforeAll(async () => {
    folder = temporaryFolder();
    const socket = folder.file("counted.sock");
    gate = await startGate({ socket });
    counter = await countConnections({ listen: socket, target: gate.lull.socket });
    await gate.lull.command("site", "add", "closed.test");
    await gate.lull.command("setmaintenance", "on", "closed.test");
  });
  afterAll(async () => {
    await gate.stop();
    await counter.stop();
    await folder.remove();
  });

  test.each([
    ["that pass", { host: "open.test" }, 200],
    ["that are held", { host: "closed.test" }, 503],
    ["that are held, and answered to HEAD", { host: "closed.test", method: "HEAD" }, 503],
    ["that pass with a body", { host: "open.test", method: "POST", body: "x".repeat(5_000) }, 200],
    ["of /.lull/up", { host: "open.test", target: "/.lull/up" }, 204],
    ["of /.lull/up of a closed site", { host: "closed.test", target: "/.lull/up" }, 503],
    ["of what does not exist", { host: "open.test", target: "/.lull/nothing" }, 404],
  ] satisfies [string, VisitParts, number][])(
    `one connection serves ${CHECKS} visits %s`,
    async (_, parts: VisitParts, status) => {
      const before = counter.connections();
      await using connection = await openConnection(gate.address);
      for (let number = 0; number < CHECKS; number++) {
        connection.send(requestText(parts));
        expect((await connection.receive(parts.method)).status).toBe(status);
      }
      expect(counter.connections() - before).toBeLessThanOrEqual(1);
    },
  );

  test("every visit was a request of the sidecar", () => {
    expect(counter.requests()).toBeGreaterThanOrEqual(9 * CHECKS);
  });
});
