import { expect, test } from "bun:test";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { lacksGate, startGate } from "./gate.ts";
import { startLoad } from "./load.ts";

const lacks = await lacksGate();
const ASKED = 3_000;

/** Long lists, as dear to read as they can be. */
const ACCEPTS: readonly string[] = [
  Array.from({ length: 120 }, (_, index) => `application/a${index}+xml`).join(","),
  "*/*,".repeat(500),
  `text/html;${'a="\\"";'.repeat(200)}q=0.1`,
];

test.skipIf(lacks).each([
  ["with long lists of types", {}, ACCEPTS],
  [
    "where a template takes a while for some",
    { "503.eta": template("it.request_path === '/dear'", 20) },
    ["text/html"],
  ],
  [
    "where a template is as long as it may be",
    { "503.html": `<!doctype html>${"x".repeat(1_000_000)}` },
    ["text/html"],
  ],
])("visitors of a closed site open nothing %s", async (_, files, accepts) => {
  await using folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) await Bun.write(folder.file(name), text);
  await using gate = await startGate({ settings: { templates: folder.path } });
  await gate.lull.command("setmaintenance", "on");
  const loads = Array.from({ length: 64 }, (_, index) =>
    startLoad({
      address: gate.address,
      connections: 4,
      visit: { target: "/dear", headers: [`Accept: ${accepts[index % accepts.length]}, x/${index}`] },
    }),
  );
  while (loads.reduce((sum, load) => sum + load.answered(), 0) < ASKED) await gate.visit({});
  const tallies = await Promise.all(loads.map((load) => load.stop()));
  const statuses = new Set(tallies.flatMap((tally) => [...tally.keys()]));
  // 502: nginx itself has too much to send.
  expect([...statuses].filter((status) => status !== "503" && status !== "502")).toEqual([]);
  expect(gate.app.hits()).toBe(0);
});

function template(condition: string, milliseconds: number): string {
  return `<% if (${condition}) { const end = performance.now() + ${milliseconds}; while (performance.now() < end); } %>x`;
}
