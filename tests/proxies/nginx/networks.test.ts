/** Where a visitor comes from, and what it can say to seem to come from elsewhere. See spoofed-headers.test.ts for the rest of what it can say. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";
import type { VisitParts } from "./visit.ts";

const exempt = "198.51.100.7";
const exemptSix = "2001:db8:5::7";
const visitor = "203.0.113.9";
const content = `include snippets/lull.conf; location / { proxy_pass http://app; ${APPLICATION} }`;

/** `_`: as gate.ts has it. `balanced.test`: behind balancers that append to X-Forwarded-For, at 127.0.0.1 and in 10.0.0.0/8. */
const servers = `${server("_", content)}
server {
  listen 127.0.0.1:@port.web@; server_name balanced.test;
  set_real_ip_from 127.0.0.1; set_real_ip_from 10.0.0.0/8;
  real_ip_header X-Forwarded-For; real_ip_recursive on;
  ${content}
}`;

const settings = {
  internal_ips: `${exempt},2001:db8:5::/48`,
  staff_claim: "X-Auth-Groups: staff",
  superuser_claim: "X-Auth-Groups: admin",
};

type Vector = readonly [sentence: string, parts: VisitParts, outcome?: string];

/** What a visitor at 203.0.113.9 has written into X-Forwarded-For, before the balancer added its address. */
const balanced = (sentence: string, claim: string, added = `, ${visitor}`): Vector => [
  `through a balancer, X-Forwarded-For ${sentence}`,
  { host: "balanced.test", client: null, headers: [`X-Forwarded-For: ${claim}${added}`] },
];

const claimed = (sentence: string, ...headers: readonly string[]): Vector => [sentence, { headers }];
const from = (sentence: string, client: string): Vector => [`an address ${sentence}`, { client }];
const at = (sentence: string, target: string, outcome = "held"): Vector => [
  `a target ${sentence}`,
  { target },
  outcome,
];
const asked = (sentence: string, host: string, outcome = "held"): Vector => [`a host ${sentence}`, { host }, outcome];

const attacks: readonly Vector[] = [
  balanced("with an exempt address", exempt),
  balanced("with an exempt address twice", `${exempt}, ${exempt}`),
  balanced("with an exempt address behind a balancer's", `${exempt}, 10.0.0.1`),
  balanced("with the balancer's own address", "127.0.0.1, 10.0.0.1"),
  balanced("with garbage", "x, unknown, _hidden, unix:"),
  balanced("with quotation marks", `"${exempt}, `),
  balanced("with an IPv6 address in brackets", `[${exemptSix}]:443`),
  balanced("in capitals of another script", "１９８.５１.１００.７"),
  balanced("with 500 hops", Array(500).fill(exempt).join(", ")),
  balanced("and nothing after the comma", exempt, ` ,${visitor}`),
  [
    "through a balancer, X-Forwarded-For on two lines",
    { host: "balanced.test", client: null, headers: [`X-Forwarded-For: ${exempt}`, `X-Forwarded-For: ${visitor}`] },
  ],
  [
    "through a balancer, X-Real-IP and Forwarded beside X-Forwarded-For",
    {
      host: "balanced.test",
      client: null,
      headers: [`X-Real-IP: ${exempt}`, `Forwarded: for=${exempt}`, `X-Forwarded-For: ${visitor}`],
    },
  ],
  claimed("True-Client-IP", `True-Client-IP: ${exempt}`),
  claimed("CF-Connecting-IP twice", `CF-Connecting-IP: ${exempt}`, `CF-Connecting-IP: ${exempt}`),
  claimed("CF-Connecting-IPv6", `CF-Connecting-IPv6: ${exemptSix}`, "CF-Pseudo-IPv4: 198.51.100.7"),
  claimed("headers of content networks", `Fastly-Client-IP: ${exempt}`, `X-Azure-ClientIP: ${exempt}`),
  claimed("X-Cluster-Client-IP and X-Envoy", `X-Cluster-Client-IP: ${exempt}`, `X-Envoy-External-Address: ${exempt}`),
  claimed("X-Forwarded-For twice", `X-Forwarded-For: ${exempt}`, `X-Forwarded-For: ${exempt}, 127.0.0.1`),
  claimed("Forwarded twice", `Forwarded: for=${exempt}`, `Forwarded: for="[${exemptSix}]";by=127.0.0.1`),
  claimed("X-Real-IP mapped into IPv6", `X-Real-IP: ::ffff:${exempt}`),
  claimed("X-Real-IP with a zone", `X-Real-IP: ${exemptSix}%lo`),
  claimed("X-ProxyUser-Ip and Client-IP", `X-ProxyUser-Ip: ${exempt}`, `Client-IP: ${exempt}`),
  claimed("Via", `Via: 1.1 ${exempt}`, "X-Forwarded-By: 127.0.0.1"),
  claimed("a PROXY header of its own", `PROXY: TCP4 ${exempt} 127.0.0.1 1 80`),
  claimed("the groups of staff", "X-Auth-Groups: staff"),
  claimed("groups under other names", "X-Forwarded-Groups: admin", "Remote-Groups: admin", "Remote-User: admin"),
  claimed("variables of nginx", "Lull-Groups: admin", "$lull_groups: admin", "X-Lull-Groups: admin"),
  claimed("what the sidecar says", "X-Lull: bypass", "X-Lull-Why: exempt-network"),
  claimed("X-Real-IP with leading zeros", "X-Real-IP: 198.051.100.007"),
  from("in octal", "0306.063.0144.07"),
  from("in hexadecimal", "0xc6.0x33.0x64.0x07"),
  from("as one number", "3325256711"),
  from("in a short form", "198.51.25607"),
  from("with a dot at its end", `${exempt}.`),
  from("in other digits", "１９８.51.100.7"),
  from("with a full stop of another script", "198。51。100。7"),
  from("compatible with IPv4, which is another", `::${exempt}`),
  from("of 6to4, which is another", "2002:c633:6407::"),
  from("of NAT64, which is another", `64:ff9b::${exempt}`),
  from("with a zone", `${exemptSix}%eth0`),
  from("one bit beside the network", "2001:db8:4:ffff:ffff:ffff:ffff:ffff"),
  from("behind the network", "2001:db8:6::"),
  from("that is a name", "localhost"),
  from("that is a network", `${exempt}/32`),
  from("that begins like one", `${exempt}0`),
  from("with a control byte", `${exempt}\x01`),
  at("that is exempt, in capitals", "/ADMIN/"),
  at("with an exempt path in its query", "/?next=/admin/"),
  at("with an exempt path behind a semicolon", "/x;/admin/"),
  at("with an exempt path behind an encoded question mark", "/admin%3f/../x"),
  at("that leaves the exempt path", "/admin/../x"),
  at("that leaves it, encoded", "/admin/%2e%2e/x"),
  at("that leaves it, encoded twice", "/admin/%252e%252e/x"),
  at("that leaves it by a backslash", "/admin\\..\\x"),
  at("with an encoded slash", "/admin%2f..%2fx"),
  at("with a fragment", "/x#/admin/"),
  at("with an encoded fragment", "/x%23/admin/"),
  at("with an encoded NUL", "/admin%00/", "400"),
  at("with an encoded line feed", "/admin%0a/"),
  at("with an overlong dot", "/admin/%c0%ae%c0%ae/x"),
  at("in letters that look alike", "/\xd0\xb0dmin/"),
  at("in full-width letters", "/\xef\xbd\x81dmin/"),
  ["a target that is absolute, beside the open site's Host", { target: "http://one.test/", host: "open.test" }],
  at("that is absolute, with an exempt path in its user", "http://admin@one.test/x", "400"),
  asked("with a dot at its end", "one.test."),
  asked("with a port", "one.test:8443"),
  asked("with the open site's name in its port", "one.test:open.test"),
  asked("that begins like the open one", "open.test.one.test"),
  asked("that ends like the open one", "xopen.test"),
  asked("that looks like the open one", "\xd0\xbepen.test"),
  asked("with a user", "open.test@one.test"),
  asked("that is the open one and another", "open.test, one.test", "400"),
  asked("with a NUL", "open.test\x00.one.test", "400"),
  asked("with a slash", "open.test/one.test", "400"),
  ["two hosts", { host: "one.test", headers: ["Host: open.test"] }, "400"],
  ["a host of its own in brackets", { host: `[${exemptSix}]` }],
];

const welcome: readonly Vector[] = [
  ["an exempt address", { client: exempt }],
  ["the same, mapped into IPv6", { client: `::ffff:${exempt}` }],
  ["an exempt IPv6 address", { client: exemptSix }],
  ["the same, written at length and in capitals", { client: "2001:0DB8:0005:0:0:0:0:0007" }],
  ["the first of an exempt network", { client: "2001:db8:5::" }],
  ["the last", { client: "2001:db8:5:ffff:ffff:ffff:ffff:ffff" }],
  ["one with lies in its headers", { client: exempt, headers: [`X-Real-IP: ${visitor}`, `Forwarded: for=${visitor}`] }],
  ["one with an ambiguous path", { client: exempt, target: "/a/..%2fb" }],
  ["one through a balancer", { host: "balanced.test", client: null, headers: [`X-Forwarded-For: ${exempt}`] }],
  [
    "one through two balancers",
    { host: "balanced.test", client: null, headers: [`X-Forwarded-For: ${visitor}, ${exempt}, 10.0.0.1`] },
  ],
  [
    "one through two balancers that add lines",
    { host: "balanced.test", client: null, headers: [`X-Forwarded-For: ${exemptSix}`, "X-Forwarded-For: 10.0.0.1"] },
  ],
  ["an exempt path", { target: "/admin/" }],
  ["an exempt path with an encoded letter", { target: "/%61dmin/" }],
  ["the open site", { host: "open.test" }],
  ["the open site with a dot and a port", { host: "OPEN.test.:8443" }],
];

describe.skipIf(await lacksGate())("while a site is closed", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({ servers, settings });
    await gate.lull.command("site", "add", "open.test");
    await gate.lull.command("setmaintenance", "on", "1");
  }, 20_000);
  afterAll(() => gate.stop());

  test("there are at least 40 attacks, no two alike", () => {
    expect(attacks.length).toBeGreaterThan(40);
    expect(new Set(attacks.map(([, parts]) => JSON.stringify(parts))).size).toBe(attacks.length);
  });

  test.each(attacks.map(([sentence, parts, outcome = "held"]) => [sentence, parts, outcome] as const))(
    "does not let anybody in: %s",
    async (_, parts, outcome) => {
      expect((await gate.visit(parts)).outcome).toBe(outcome);
    },
  );

  test.each(welcome.map(([sentence, parts]) => [sentence, parts] as const))("lets in %s", async (_, parts) => {
    expect((await gate.visit(parts)).outcome).toBe("pass");
  });

  test("the sidecar has answered all of it", async () => {
    expect(await gate.nginx.errorLog()).not.toMatch(/upstream (?:prematurely|timed out)|no live upstreams/);
  });
});

describe.skipIf(await lacksGate())("a network that is exempt for a while, on a site", () => {
  test("passes there and nowhere else, until it is removed", async () => {
    await using gate = await startGate();
    const { lull } = gate;
    await lull.command("site", "add", "one.test");
    await lull.command("setmaintenance", "on", "--all");
    const outcomes = async () =>
      Promise.all(
        ["one.test", "two.test"].map(async (host) => (await gate.visit({ host, client: exemptSix })).outcome),
      );
    expect(await outcomes()).toEqual(["held", "held"]);
    const added = await lull.command("exempt", "add", "--network", "2001:db8:5::/48", "--site", "2", "--for", "1h");
    await until(async () => (await outcomes()).join() === "pass,held");
    await lull.command("exempt", "remove", /exemption (\d+)/.exec(added)?.[1] ?? "");
    await until(async () => (await outcomes()).join() === "held,held");
    await lull.command("exempt", "add", "--network", "2001:db8:5::/48", "--for", "2s");
    await until(async () => (await outcomes()).join() === "pass,pass");
    await until(async () => (await outcomes()).join() === "held,held");
  }, 20_000);
});

/** Commands do not wait for what is exempt. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("it did not come to that within 5 s");
    await Bun.sleep(20);
  }
}
