/** What holds for every dialect, asked as its proxy asks. */
import { describe, expect, test } from "bun:test";
import { dialects } from "../../../src/http/dialects.ts";
import { type AnswerVector, originVectors, plainVectors, trustedOrigin } from "../../answer/answer-vectors.ts";
import { openConnection, sendRaw } from "../../support/raw-http.ts";
import { type FixtureOptions, start, startFixture } from "../sidecar-fixture.ts";
import { ask, askers, type Change } from "./askers.ts";
import { closedHost, outcome, two } from "./two-sites.ts";

/** How proxies say what an open site's exempt path would be. */
const families = {
  Host: "one.example",
  "X-Forwarded-Host": "one.example",
  "X-Forwarded-Uri": "/admin",
  "X-Forwarded-Method": "GET",
  "X-Original-Host": "one.example",
  "X-Original-URL": "https://one.example/admin",
  "X-Original-URI": "/admin",
  "X-Original-Method": "GET",
  "X-Rewrite-URL": "/admin",
};

const vectors: readonly AnswerVector[] = [
  ...plainVectors,
  ...originVectors.map(([name, form, method, headers]): AnswerVector => [name, form, method, headers]),
];

test("every dialect is asked here", () => {
  expect([...new Set(askers.map(({ path }) => path))].sort()).toEqual([...dialects.keys()].sort());
});

describe.each(askers.map((asker) => [asker.name, asker] as const))("%s", (_, asker) => {
  const asked = async (options: FixtureOptions, changes: readonly Change[]) => {
    await using sidecar = await startFixture(options);
    const outcomes: string[] = [];
    for (const change of changes) {
      const response = await sendRaw(sidecar.unix, ask(asker, change));
      const overTcp = await sendRaw(sidecar.tcp, ask(asker, change));
      expect(overTcp.status).toBe(response.status);
      outcomes.push(outcome(asker, response));
    }
    expect(sidecar.logged.filter(({ level }) => level === "error")).toEqual([]);
    return outcomes;
  };

  test("an open site passes, with an empty body and nothing else", async () => {
    await using sidecar = await startFixture(two);
    const response = await sendRaw(sidecar.unix, ask(asker));
    expect([response.status, response.body.length]).toEqual([asker.passes, 0]);
    if (asker.passes === 200) expect(response.header("Content-Length")).toBe("0");
    const more = response.headers.map(([name]) => name).filter((name) => !["Date", "Content-Length"].includes(name));
    expect(more).toEqual(asker.name === "gate/nginx" ? ["X-Accel-Redirect"] : []);
  });

  test("a closed site is held, with the mark, the seconds, and the page where that is the visitor's", async () => {
    await using sidecar = await startFixture(two);
    const change = { ...closedHost, headers: { Accept: "text/html" } };
    const response = await sendRaw(sidecar.unix, ask(asker, change));
    expect(response.status).toBe(asker.holds);
    expect(response.header("X-Lull")).toBe("closed");
    const seconds = Number(response.header("Retry-After"));
    expect(seconds >= 60 && seconds <= 66).toBe(true);
    if (!asker.isWhole) return expect(response.header("Content-Length")).toBe("0");
    expect(response.header("Cache-Control")).toBe("no-store");
    expect(response.body.length).toBeGreaterThan(0);
  });

  test("time alone opens the site", async () => {
    await using sidecar = await startFixture(two);
    sidecar.clock.elapsedMs = 59_999;
    expect(outcome(asker, await sendRaw(sidecar.unix, ask(asker, closedHost)))).toBe("held");
    sidecar.clock.elapsedMs = 60_000;
    expect(outcome(asker, await sendRaw(sidecar.unix, ask(asker, closedHost)))).toBe("passes");
  });

  test.each<[string, Change, "passes" | "held"]>([
    ["the host tells the site, closed", { host: "two.example" }, "held"],
    ["the host in capitals, with a port and a final dot", { host: "TWO.Example.:8443" }, "held"],
    ["a number names the site, whatever the host", { query: "site=2", host: "one.example" }, "held"],
    ["a number names the open site", { query: "site=1", host: "two.example" }, "passes"],
    ["a number that is written wrongly is no site", { query: "site=01", host: "one.example" }, "held"],
    ["an empty number is no site", { query: "site=", host: "one.example" }, "held"],
    ["a misspelt query does not pass for none", { query: "sit=1", host: "one.example" }, "held"],
    ["a doubled site is none", { query: "site=1&site=2", host: "one.example" }, "held"],
    ["a host that cannot be read is held, because one site is closed", { host: "a_b@c" }, "held"],
    ["an exempt path passes", { ...closedHost, target: "/admin/x?y=/z" }, "passes"],
    ["a path beside it does not", { ...closedHost, target: "/administrator" }, "held"],
    ["an exempt path in the query does not", { ...closedHost, target: "/x?path=/admin&site=1" }, "held"],
    ["a path with more than one reading does not", { ...closedHost, target: "/admin/..%2fx" }, "held"],
    ["nor with repeated slashes", { ...closedHost, target: "//admin" }, "held"],
    ["nor with dot segments", { ...closedHost, target: "/admin/../admin/x" }, "held"],
    ["nor with a fragment", { ...closedHost, target: "/admin#/x" }, "held"],
    ["nor with bytes that are not UTF-8", { ...closedHost, target: "/admin/\xff" }, "held"],
    ["a target of 8 KB", { ...closedHost, target: `/${"a".repeat(8_000)}` }, "held"],
    ["the same on the open site", { target: `/${"a".repeat(8_000)}` }, "passes"],
    ["a path that is one of the sidecar's", { ...closedHost, target: "/healthz" }, "held"],
    ["a path that leads to one", { ...closedHost, target: "/../healthz" }, "held"],
    ["further up", { ...closedHost, target: "/../../../../metrics" }, "held"],
    ["encoded", { ...closedHost, target: "/%2e%2e/healthz" }, "held"],
    ["with backslashes", { ...closedHost, target: "/..\\healthz" }, "held"],
    ["an exempt network passes", { ...closedHost, client: "10.1.2.3" }, "passes"],
    ["an address that cannot be read does not", { ...closedHost, client: "10.0.0.0x1" }, "held"],
    ["a claim left of the address does not", { ...closedHost, client: "10.1.2.3, 203.0.113.9" }, "held"],
    ["a claim left of a trusted hop does not", { ...closedHost, client: "10.1.2.3, 203.0.113.9, 127.0.0.1" }, "held"],
    ["who is behind a trusted hop passes", { ...closedHost, client: "203.0.113.9, 10.1.2.3, 127.0.0.1" }, "passes"],
    ["a POST", { ...closedHost, method: "POST" }, "held"],
    ["a preflight", { ...closedHost, method: "OPTIONS" }, "held"],
  ])("%s", async (_, change, expected) => {
    expect(await asked(two, [change])).toEqual([expected]);
  });

  test("of a read-only site reading passes and writing is held", async () => {
    const readonly: FixtureOptions = { ...two, periods: [{ siteId: 2, mode: "readonly" }] };
    const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"].map((method) => ({ ...closedHost, method }));
    await using sidecar = await startFixture(readonly);
    const statuses: number[] = [];
    for (const change of methods) {
      statuses.push((await sendRaw(sidecar.unix, ask(asker, change))).status);
    }
    const { passes, holds } = asker;
    expect(statuses).toEqual([passes, passes, passes, holds, holds, holds]);
  });

  test("what it must be told and is not holds the closed site, and no open one", async () => {
    const others = Object.entries(families).filter(([name]) => !asker.required.includes(name));
    for (const name of asker.required) {
      // What other proxies say it in stands there instead.
      const sent = { ...Object.fromEntries(others), [name]: name === "Host" ? "" : null };
      const answers = await asked(two, [
        { query: "site=2", target: "/admin", sent },
        { query: "site=1", sent },
      ]);
      // A number says which site, and the host is looked at no more.
      const isHostAlone = name.endsWith("Host");
      expect(answers).toEqual([isHostAlone ? "passes" : "held", "passes"]);
      // And nothing says which; ingress-nginx is told by the number alone.
      if (isHostAlone) expect(await asked(two, [{ target: "/admin", sent }])).toEqual(["held"]);
      if (isHostAlone) expect(await asked({ ...two, periods: [] }, [{ sent }])).toEqual(["passes"]);
    }
  });

  const liesOfAddress = ["X-Real-IP", "X-Forwarded-For", "Forwarded", "X-Client-IP", "True-Client-IP", "X_Real_IP"];
  const liesOfPath = ["X-Forwarded-Uri", "X-Original-URI", "X-Original-URL", "X-Rewrite-URL", "X_Forwarded_Uri"];
  const lies: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ...liesOfAddress.map((name) => [name, { [name]: name === "Forwarded" ? "for=10.1.2.3" : "10.1.2.3" }] as const),
    ...liesOfPath.map((name) => [name, { [name]: "/admin/" }] as const),
    ["a whole URL", { "X-Original-URL": "https://one.example/admin/" }],
    ["X-Forwarded-Host", { "X-Forwarded-Host": "one.example" }],
    [
      "X-Forwarded-Method",
      { "X-Forwarded-Method": "GET", "X-Original-Method": "GET", "X-HTTP-Method-Override": "GET" },
    ],
    ["in small letters", { "x-forwarded-uri": "/admin/", "x-real-ip": "10.1.2.3", "x-forwarded-for": "10.1.2.3" }],
    ["what Connection takes away", { Connection: "close, X-Forwarded-Uri, X-Forwarded-Host, X-Forwarded-For" }],
    ["X-Lull", { "X-Lull": "open", "X-Lull-Why": "staff", "X-Lull-Site": "1" }],
    ["an error page", { "X-Code": "200" }],
    ["a claim that is not configured", { "X-Auth-Groups": "staff" }],
  ];
  test.each(lies)("a visitor's own word does nothing: %s", async (_, headers) => {
    expect(await asked(two, [{ ...closedHost, headers }, { headers }])).toEqual(["held", "passes"]);
    const readonly: FixtureOptions = { ...two, periods: [{ siteId: 2, mode: "readonly" }] };
    await using sidecar = await startFixture(readonly);
    const post = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, method: "POST", headers }));
    expect(post.status).toBe(asker.holds);
  });

  test("an open site stays open, whatever would close it elsewhere", async () => {
    const closing = { "X-Forwarded-Host": "two.example", "X-Original-URL": "https://two.example/", "X-Lull": "closed" };
    expect(await asked(two, [{ headers: closing }])).toEqual(["passes"]);
  });

  test("the address counts only from a trusted peer, and from the header that is configured alone", async () => {
    const fromOffice = { ...closedHost, client: "10.1.2.3" };
    await using sidecar = await startFixture({ ...two, config: { trustedProxies: ["unix"] } });
    expect(outcome(asker, await sendRaw(sidecar.unix, ask(asker, fromOffice)))).toBe("passes");
    expect(outcome(asker, await sendRaw(sidecar.tcp, ask(asker, fromOffice)))).toBe("held");
    const origin = { client_address_header: { kind: "file", path: "/etc/lull/lull.toml" } } as const;
    await sidecar.server.reload({ ...sidecar.config, origin, clientAddressHeader: "CF-Connecting-IP" });
    expect(outcome(asker, await sendRaw(sidecar.unix, ask(asker, fromOffice)))).toBe("held");
    const configured = { "CF-Connecting-IP": "10.1.2.3" };
    expect(outcome(asker, await sendRaw(sidecar.unix, ask(asker, { ...closedHost, configured })))).toBe("passes");
    const other = asker.addressHeader === "X-Real-IP" ? "X-Forwarded-For" : "X-Real-IP";
    await sidecar.server.reload({ ...sidecar.config, origin, clientAddressHeader: other });
    const told = { ...closedHost, sent: { [asker.addressHeader]: null, [other]: "10.1.2.3" } };
    expect(outcome(asker, await sendRaw(sidecar.unix, ask(asker, told)))).toBe("passes");
  });

  test("its own address header is the only one", async () => {
    const other = asker.addressHeader === "X-Real-IP" ? "X-Forwarded-For" : "X-Real-IP";
    const sent = { [asker.addressHeader]: null, [other]: "10.1.2.3" };
    expect(await asked(two, [{ ...closedHost, sent }])).toEqual(["held"]);
  });

  test.each(vectors)("held is never 2xx: %s (%s)", async (_, _form, method, headers) => {
    const [one, other] = two.sites;
    const sites = [one, { ...other, origins: [trustedOrigin], redirectUrl: "https://status.example/" }];
    await using sidecar = await startFixture({ ...two, sites });
    for (const sent of [{}, { ...headers }]) {
      const response = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, method, headers, sent }));
      expect(asker.isWhole ? [asker.holds, 302] : [asker.holds]).toContain(response.status);
      expect(response.header("X-Lull")).toBe("closed");
    }
  });

  test("HEAD has no body, whichever method the proxy asks with", async () => {
    await using sidecar = await startFixture(two);
    await using connection = await openConnection(sidecar.unix);
    for (let turn = 0; turn < 3; turn++) {
      const request = ask(asker, { ...closedHost, method: "HEAD", headers: { Accept: "text/html" } });
      connection.send(request);
      const response = await connection.receive(request.split(" ", 1)[0]);
      expect([outcome(asker, response), response.body.length]).toEqual(["held", 0]);
      connection.send(request.replace(/^GET/, "HEAD"));
      expect(outcome(asker, await connection.receive("HEAD"))).toBe("held");
    }
  });

  test("one connection serves a thousand checks, each with the whole of its answer", async () => {
    await using sidecar = await startFixture(two);
    await using connection = await openConnection(sidecar.unix);
    for (let turn = 0; turn < 1000; turn++) {
      connection.send(ask(asker, turn % 2 === 0 ? closedHost : {}));
      expect(outcome(asker, await connection.receive())).toBe(turn % 2 === 0 ? "held" : "passes");
    }
  });

  test("a connection that will not be used again is answered with Connection: close", async () => {
    await using sidecar = await startFixture(two);
    for (const site of [{}, closedHost]) {
      const connection = async (change: Change) =>
        (await sendRaw(sidecar.unix, ask(asker, { ...site, ...change }))).header("Connection");
      expect(await connection({})).toBe(null);
      expect(await connection({ sent: { Connection: "close" } })).toBe("close");
      expect(await connection({ version: "1.0", sent: { Connection: "close" } })).toBe("close");
      expect(await connection({ sent: { Connection: "upgrade, Close" } })).toBe("close");
    }
  });

  test("a sidecar that is stopping says so in every answer", async () => {
    await using sidecar = await startFixture({ ...two, drainMs: 300 });
    const draining = sidecar.server.drain();
    for (const change of [{}, closedHost]) {
      expect((await sendRaw(sidecar.unix, ask(asker, change))).header("Connection")).toBe("close");
    }
    await draining;
  });

  test("what is near is told with a pass", async () => {
    const periods = [{ siteId: 1, start: start + 60_000, end: start + 120_000 }];
    await using sidecar = await startFixture({ ...two, periods, policy: { noticeLeadMs: 3_600_000 } });
    const response = await sendRaw(sidecar.unix, ask(asker));
    expect(outcome(asker, response)).toBe("passes");
    expect(response.header("X-Lull-Upcoming")).toBe("2026-11-20T09:01:00Z/2026-11-20T09:02:00Z");
  });

  test("without a snapshot nothing is claimed: 503, with words where visitors see it", async () => {
    await using sidecar = await startFixture({ empty: true });
    const response = await sendRaw(sidecar.unix, ask(asker));
    expect([response.status, response.header("X-Lull")]).toEqual([503, "unknown"]);
    expect(response.body.length > 0).toBe(asker.isWhole);
    expect(response.header("Retry-After")).toBe(asker.isWhole ? "300" : null);
  });

  test("a mistake of ours is no pass, and is in the log", async () => {
    await using sidecar = await startFixture(two);
    sidecar.breakSnapshot();
    const response = await sendRaw(sidecar.unix, ask(asker, closedHost));
    expect([response.status, response.header("X-Lull")]).toEqual([503, "unknown"]);
    expect(sidecar.logged).toContainEqual(expect.objectContaining({ level: "error", event: "bug" }));
  });

  test("a page that cannot be made leaves who is held outside, and says the least", async () => {
    const [one, other] = two.sites;
    await using sidecar = await startFixture({ ...two, sites: [one, { ...other, redirectUrl: "no address" }] });
    const response = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, headers: { Accept: "text/html" } }));
    expect(outcome(asker, response)).toBe("held");
    if (asker.isWhole) expect(response.text()).toBe("down for maintenance\n");
  });

  test("nor does one that cannot be sent let in", async () => {
    const [one, other] = two.sites;
    const redirectUrl = "https://status.example/\u{20ac}";
    await using sidecar = await startFixture({ ...two, sites: [one, { ...other, redirectUrl }] });
    const response = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, headers: { Accept: "text/html" } }));
    expect(outcome(asker, response)).toBe("held");
    if (!asker.isWhole) return;
    expect(response.text()).toBe("down for maintenance\n");
    expect(sidecar.logged).toContainEqual(expect.objectContaining({ level: "error", event: "bug" }));
  });
});
