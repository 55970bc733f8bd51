import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { startKeyServer } from "../../staff/key-server.ts";
import { audience, issuer, keySet, sign, signer } from "../../staff/token-builders.ts";
import { lacksGate, startGate } from "./gate.ts";

describe.skipIf(await lacksGate())("two reloads in a row", () => {
  test("the later configuration counts, however long the earlier one takes", async () => {
    const rsa = signer("RS256", "rsa");
    await using keys = startKeyServer();
    const released = Promise.withResolvers<Response>();
    keys.answer = () => released.promise;
    await using gate = await startGate();
    await gate.lull.command("setmaintenance", "on");
    const file = join(gate.folder, "lull.toml");
    const reloads = async () => (await gate.sidecar?.log())?.split('"event":"reloaded"').length ?? 0;
    const earlier = { jwt_keys: keys.url, jwt_issuer: issuer, jwt_audience: audience, jwt_staff: "groups: staff" };
    await Bun.write(
      file,
      Object.entries(earlier).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`),
    );
    gate.sidecar?.kill("SIGHUP");
    await keys.askedTimes(1);
    await Bun.write(file, "block_staff = true\n");
    gate.sidecar?.kill("SIGHUP");
    released.resolve(new Response(keySet(rsa.published)));
    while ((await reloads()) < 3) await Bun.sleep(5);
    const exp = Math.floor(Date.now() / 1000) + 600;
    const token = await sign(rsa, { iss: issuer, aud: audience, exp, groups: ["staff"] });
    expect((await gate.visit({ headers: [`Authorization: Bearer ${token}`] })).outcome).toBe("held");
    expect(keys.asked).toHaveLength(1);
  }, 60_000);
});
