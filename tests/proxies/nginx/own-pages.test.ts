import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { lacksGate, startGate } from "./gate.ts";

const lacks = await lacksGate();
const HTML = { headers: ["Accept: text/html"] };

test.skipIf(lacks)("each site has its own page, a broken one gives way, and none ends the sidecar", async () => {
  await using folder = temporaryFolder();
  await Bun.write(
    folder.file("503.eta"),
    "common <%= it.site.name %><% if (it.request_path === '/late') Promise.reject(new Error('late')) %>",
  );
  for (const domain of ["shop.test", "broken.test"]) await mkdir(folder.file(domain));
  await Bun.write(folder.file("shop.test/503.html"), "shop");
  await Bun.write(folder.file("broken.test/503.eta"), "<% for (;;) {} %>");
  await using gate = await startGate({ settings: { templates: folder.path } });
  for (const domain of ["shop.test", "broken.test"]) await gate.lull.command("site", "add", domain, "--name", "<S>");
  await gate.lull.command("setmaintenance", "on", "--all");
  const page = async (host: string, target = "/") => (await gate.visit({ ...HTML, host, target })).response.text();

  expect(await page("shop.test")).toBe("shop");
  expect(await page("broken.test")).toBe("common &lt;S&gt;");
  expect(await page("other.test", "/late")).toBe("common ");
  // What a template starts and does not wait for fails after its answer.
  expect(await page("other.test")).toBe("common ");
  const log = (await gate.sidecar?.log()) ?? "";
  expect(log).toContain("rendering it takes more than 3 s");
  expect(log).toMatch(/"event":"bug".*late/);

  await Bun.write(folder.file("shop.test/503.html"), "shop, newly painted");
  gate.sidecar?.kill("SIGHUP");
  while (!((await gate.sidecar?.log()) ?? "").includes('"reloaded"')) await gate.visit(HTML);
  expect(await page("shop.test")).toBe("shop, newly painted");
  expect(gate.app.hits()).toBe(0);
});
