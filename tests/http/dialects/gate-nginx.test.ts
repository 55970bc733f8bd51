import { expect, test } from "bun:test";
import { sendRaw } from "../../support/raw-http.ts";
import { bypass, key, token } from "../bypass-builders.ts";
import { startFixture } from "../sidecar-fixture.ts";
import { ask, askers } from "./askers.ts";
import { closedHost, two } from "./two-sites.ts";

const [asker] = askers.filter(({ name }) => name === "gate/nginx");
if (asker === undefined) throw new Error("nobody asks as nginx does");

test("who passes is handed on, also with what else is told", async () => {
  await using sidecar = await startFixture({ ...two, bypasses: [bypass({ siteId: 2 })], bypassKeys: [key] });
  const open = await sendRaw(sidecar.unix, ask(asker));
  expect(open.header("X-Accel-Redirect")).toBe("@lull_app");
  const headers = { "X-Lull-Bypass": token };
  const entered = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, headers, sent: { Connection: "close" } }));
  const told = ["X-Accel-Redirect", "X-Lull", "X-Lull-Why", "Connection"].map((name) => entered.header(name));
  expect(told).toEqual(["@lull_app", "bypass", "bypass", "close"]);
});

test("who is held is not, whatever asks for it", async () => {
  await using sidecar = await startFixture(two);
  const headers = { "X-Accel-Redirect": "@lull_app", "X-Accel-Mode": "1" };
  const response = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, sent: headers }));
  expect([response.status, response.header("X-Accel-Redirect")]).toEqual([503, null]);
});
