/** client_address_header = "Forwarded", as docs/networks.md has it: balancers that write RFC 7239 before nginx. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { APPLICATION, type Gate, lacksGate, startGate } from "./gate.ts";
import { replaceAll } from "./lull-configuration.ts";

const exempt = "198.51.100.7";
const guide = await Bun.file(join(import.meta.dir, "../../../docs/networks.md")).text();
/** The maps that the guide shows. */
const [http = ""] = /^map \$remote_addr \$lull_hop [\s\S]*?(?=^```)/m.exec(guide) ?? [];
const settings = {
  client_address_header: "Forwarded",
  trusted_proxies: "unix,loopback,10.0.0.0/8",
  internal_ips: `${exempt},2001:db8:5::/48,127.0.0.1,10.0.0.5`,
};
const servers = `server { listen 127.0.0.1:@port.web@; include snippets/lull.conf; location / { proxy_pass http://app; ${APPLICATION} } }`;

describe.skipIf(await lacksGate())("behind balancers that write Forwarded, while the site is closed", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({ servers, settings, http });
    const file = join(gate.folder, "lull.conf");
    const line = "proxy_set_header          X-Real-IP          $remote_addr;\n";
    const told = replaceAll(await Bun.file(file).text(), {
      from: line,
      to: `${line}    proxy_set_header          Forwarded          $lull_forwarded;\n`,
      times: 3,
    });
    await Bun.write(file, told);
    await gate.nginx.reload();
    await gate.lull.command("setmaintenance", "on");
  }, 20_000);
  afterAll(() => gate.stop());

  const outcome = async (...headers: readonly string[]) => (await gate.visit({ client: null, headers })).outcome;

  test.each<[string, string]>([
    ["an exempt address", `for=${exempt}`],
    ["with its port and more", `for="${exempt}:51000";proto=https;host=one.test`],
    ["an exempt IPv6 address", 'for="[2001:DB8:5::7]:51000"'],
    ["through two balancers", `for=203.0.113.9, for=${exempt}, for=10.0.0.1`],
    ["whatever it claims itself", `for="x, for=${exempt}`],
  ])("passes: %s", async (_, header) => {
    expect(await outcome(`Forwarded: ${header}`)).toBe("pass");
  });

  test.each<[string, readonly string[]]>([
    ["another address", ["Forwarded: for=203.0.113.9"]],
    ["a claim before it", [`Forwarded: for=${exempt}, for=203.0.113.9`]],
    ["a claim of a balancer's", [`Forwarded: for=${exempt}, for=10.0.0.5, for=203.0.113.9`]],
    ["a string that is left open before it", [`Forwarded: for=${exempt};x=", for=203.0.113.9`]],
    ["a string that closes in it", [`Forwarded: for=${exempt};x=", for="[2001:db8::9]:80"`]],
    ["an escaped mark before it", [`Forwarded: for=${exempt};x="\\", for=203.0.113.9;host="one.test"`]],
    ["nobody", ["Forwarded: for=unknown"]],
    ["nobody behind a balancer", ["Forwarded: for=unknown, for=10.0.0.5"]],
    ["an obfuscated name", [`Forwarded: for=_${exempt}`]],
    ["a balancer that says no address", [`Forwarded: for=${exempt}, proto=https`]],
    ["for twice", [`Forwarded: for=${exempt};for=203.0.113.9`]],
    ["for twice, the other first", [`Forwarded: for=203.0.113.9;For=${exempt}`]],
    ["an address alone", [`Forwarded: ${exempt}`]],
    ["a space in it", [`Forwarded: for = ${exempt}`]],
    ["a port without quotation marks", [`Forwarded: for=${exempt}:80`]],
    ["IPv6 without brackets", ['Forwarded: for="2001:db8:5::7"']],
    ["a zone", ['Forwarded: for="[2001:db8:5::7%eth0]"']],
    ["leading zeros", ["Forwarded: for=198.051.100.007"]],
    ["another script", ["Forwarded: for=\xef\xbc\x91\xef\xbc\x99\xef\xbc\x98.51.100.7"]],
    ["a control byte", [`Forwarded: for=${exempt};x=\x01`]],
    ["a control byte before a balancer", ["Forwarded: for=203.0.113.9\x7f, for=10.0.0.5"]],
    ["a tab", [`Forwarded: for=${exempt}\t;x=y`]],
    ["7 KB", [`Forwarded: for=${exempt};x=${"x".repeat(7_000)}`]],
    ["500 hops", [`Forwarded: for=${exempt}${", for=10.0.0.1".repeat(300)}`]],
    ["another header family", ["Forwarded: for=203.0.113.9", `X-Forwarded-For: ${exempt}`, `X-Real-IP: ${exempt}`]],
  ])("is held: %s", async (_, headers) => {
    expect(await outcome(...headers)).toBe("held");
  });

  test("who comes without it is the balancer itself", async () => {
    expect(await outcome()).toBe("pass");
  });

  test("the sidecar has answered all of it", async () => {
    expect(await gate.nginx.errorLog()).not.toMatch(/upstream (?:prematurely|timed out)|no live upstreams/);
  });
});
