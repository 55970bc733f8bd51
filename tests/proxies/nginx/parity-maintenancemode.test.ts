/** The cases of django-maintenancemode-2 that need neither staff nor a redirect, by their names in the list of cases. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Gate, lacksGate, startGate } from "./gate.ts";
import type { VisitParts } from "./visit.ts";

type Outcome = "pass" | "held";
type Row = readonly [sentence: string, outcome: Outcome, parts: VisitParts];

const rows = (name: string, outcome: Outcome, targets: readonly string[], parts: VisitParts = {}): readonly Row[] =>
  targets.map((target) => [`${name}: ${parts.method ?? "GET"} ${target}`, outcome, { ...parts, target }]);

/** UTF-8 as a string of bytes. */
const bytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");

const JSON_BODY = { method: "POST", headers: ["Content-Type: application/json"], body: "{}" };

/** One site each, closed, with these patterns exempt. */
const PATTERNS: readonly (readonly [name: string, pattern: string, rows: readonly [Outcome, readonly string[]][]])[] = [
  [
    "A30",
    "^ignored-page/$",
    [
      ["pass", ["/ignored-page/", "/ignored-page/?a=1"]],
      ["held", ["/ignored-page", "/ignored-page/x", "/x/ignored-page/"]],
    ],
  ],
  [
    "A31",
    "ignored-page/$",
    [
      ["pass", ["/ignored-page/"]],
      ["held", ["/x/ignored-page/"]],
    ],
  ],
  [
    "A32",
    "^/ignored-page/$",
    [
      ["pass", ["/ignored-page/"]],
      ["held", ["/", "/ignored-page/x"]],
    ],
  ],
  [
    "A33",
    "^$",
    [
      ["pass", ["/"]],
      ["held", ["/a"]],
    ],
  ],
  [
    "A35",
    "^api",
    [
      ["pass", ["/api/v1", "/apinot"]],
      ["held", ["/API/", "/v1/api"]],
    ],
  ],
  [
    "A36",
    "(?i)^api",
    [
      ["pass", ["/API/"]],
      ["held", ["/x/API/"]],
    ],
  ],
  [
    "A36b1",
    "(?i)^/api",
    [
      ["pass", ["/API/"]],
      ["held", ["/x/API/"]],
    ],
  ],
  [
    "A36b2",
    "^(/a|/b)$",
    [
      ["pass", ["/a", "/b"]],
      ["held", ["/c", "/a/b"]],
    ],
  ],
  [
    "A37",
    ".*\\.css$",
    [
      ["pass", ["/static/a.css", "/a.css?x=1"]],
      ["held", ["/static/a.css.map"]],
    ],
  ],
  [
    "A38",
    "docs|help",
    [
      ["pass", ["/docs/", "/help"]],
      ["held", ["/x/help"]],
    ],
  ],
  [
    "A39",
    "^café/$",
    [
      ["pass", [bytes("/café/"), "/caf%C3%A9/"]],
      ["held", ["/cafe/", "/caf%E9/"]],
    ],
  ],
  ["A40", "^page\\?x=1", [["held", ["/page?x=1"]]]],
  [
    "A42",
    "^a b",
    [
      ["pass", ["/a%20b"]],
      ["held", ["/a+b"]],
    ],
  ],
];

describe.skipIf(await lacksGate())("django-maintenancemode-2, through nginx", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate();
    await gate.lull.command("site", "add", "two.test");
    for (const [name, pattern] of PATTERNS) {
      await gate.lull.command("site", "add", `${name.toLowerCase()}.test`);
      await gate.lull.command("exempt", "add", `--pattern=${pattern}`, "--site", `${name.toLowerCase()}.test`);
    }
  }, 20_000);
  afterAll(() => gate.stop());

  describe("before anything was closed", () => {
    test.each(rows("A01", "pass", ["/", "/ignored-page/", "/admin/", "/x/../admin/"]))(
      "%s: %s",
      async (_, outcome, parts) => {
        expect((await gate.visit(parts)).outcome).toBe(outcome);
      },
    );
  });

  describe("two sites, only the second is on", () => {
    beforeAll(() => gate.lull.command("setmaintenance", "on", "two.test"));
    test.each([
      ["A56: the second", "held", { host: "two.test" }],
      ["A56: the second in capitals, with port and final dot", "held", { host: "Two.TEST.:8080" }],
      ["A56: the first", "pass", { host: "one.test" }],
    ] satisfies Row[])("%s: %s", async (_, outcome, parts) => {
      expect((await gate.visit(parts)).outcome).toBe(outcome);
    });
  });

  describe("on", () => {
    beforeAll(() => gate.lull.command("setmaintenance", "on", "--all"));
    test.each([
      ...rows("A03", "held", ["/"]),
      ...rows("A12", "held", ["/"], { client: null }),
      ...rows("A14", "held", ["/"], { headers: ["X-Forwarded-For: 198.51.100.7"] }),
      ...rows("A17", "pass", ["/admin", "/admin/", "/admin/login/", "/admin?next=/"]),
      ...rows("A17b", "held", ["//admin/", "///admin"]),
      ...rows("A18", "held", ["/administrators-only", "/admin-fake/x"]),
      ...rows("A19", "held", ["/Admin/", "/x/admin/"]),
      ...rows("A19b", "held", ["/./admin/", "/x/../admin/", "/admin/../x", "/admin/..%2fx", "/admin/%2e%2e/x"]),
      ...rows("A20", "pass", ["/%61dmin/"]),
      ...rows("A22", "held", ["/static/a.css", "/favicon.ico", "/nope/"]),
      ...rows("A22b", "pass", ["/robots.txt", "/.well-known/acme-challenge/x", "/.well-known/security.txt"]),
      ...rows("A50", "held", ["/"], JSON_BODY),
      ...["HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"].flatMap((method) =>
        rows("A53", "held", ["/"], { method }),
      ),
    ])("%s: %s", async (_, outcome, parts) => {
      expect((await gate.visit(parts)).outcome).toBe(outcome);
    });

    test.each(
      PATTERNS.flatMap(([name, pattern, expected]) =>
        expected.flatMap(([outcome, targets]) =>
          targets.map(
            (target) => [`${name} with ${pattern}: ${target}`, outcome, target, `${name.toLowerCase()}.test`] as const,
          ),
        ),
      ),
    )("%s: %s", async (_, outcome, target, host) => {
      expect((await gate.visit({ target, host })).outcome).toBe(outcome);
    });

    test.each([
      ["A50: who sends JSON", JSON_BODY],
      [
        "A51: who sends JSON with a charset",
        { ...JSON_BODY, headers: ["Content-Type: application/json; charset=utf-8"] },
      ],
      ["A51: who accepts JSON", { headers: ["Accept: application/json"] }],
    ])("%s is told in JSON", async (_, parts) => {
      const { outcome, response } = await gate.visit(parts);
      expect(outcome).toBe("held");
      expect(response.header("content-type")).toBe("application/problem+json");
      expect(JSON.parse(response.text())).toMatchObject({
        code: 503,
        error: "temporarily_unavailable",
        reason: "maintenance",
        error_description: "Sorry, the service is temporarily down for maintenance",
      });
    });

    test.each([
      ["A34: an empty pattern", "--pattern="],
      ["A41: a broken pattern", "--pattern=^("],
    ])("%s is refused, and covers nothing", async (_, words) => {
      expect((await gate.lull.run("exempt", "add", words)).code).toBe(1);
      expect((await gate.visit()).outcome).toBe("held");
    });
  });

  test("A02: off again", async () => {
    await gate.lull.command("setmaintenance", "off", "--all");
    expect((await gate.visit()).outcome).toBe("pass");
    expect((await gate.visit({ host: "two.test" })).outcome).toBe("pass");
  });
});

const CONFIGURED: readonly (readonly [settings: Readonly<Record<string, string>>, rows: readonly Row[]])[] = [
  [
    { internal_ips: "127.0.0.1" },
    [
      ...rows("A11, client 127.0.0.1", "pass", ["/"], { client: null }),
      ...rows("A16, client ::ffff:127.0.0.1", "pass", ["/"], { client: "::ffff:127.0.0.1" }),
      ...rows("client 127.0.0.2", "held", ["/"], { client: "127.0.0.2" }),
      ...rows("client ::1", "held", ["/"], { client: "::1" }),
    ],
  ],
  [
    { internal_ips: "10.0.0.0/8,198.51.100.7,::1" },
    [
      ...rows("A13, client 10.1.2.3", "pass", ["/"], { client: "10.1.2.3" }),
      ...rows("client 11.1.2.3", "held", ["/"], { client: "11.1.2.3" }),
      ...rows("client 198.51.100.7", "pass", ["/"], { client: "198.51.100.7" }),
      ...rows("A14, who only says so", "held", ["/"], { headers: ["X-Forwarded-For: 198.51.100.7"] }),
      ...rows("A14, who says so in X-Real-IP", "held", ["/"], { headers: ["X-Real-IP: 198.51.100.7"] }),
      ...rows("A15, client 0:0:0:0:0:0:0:1", "pass", ["/"], { client: "0:0:0:0:0:0:0:1" }),
      ...rows("client ::2", "held", ["/"], { client: "::2" }),
    ],
  ],
  [
    { admin_ignored_urls: "", default_exemptions: "" },
    [
      ...rows("A21", "held", ["/admin/", "/admin"]),
      ...rows("A22b, turned off", "held", ["/robots.txt", "/.well-known/acme-challenge/x"]),
    ],
  ],
  [{ admin_ignored_urls: "^admin" }, rows("A's own default", "pass", ["/admin/", "/admin", "/administrators-only"])],
];

describe
  .skipIf(await lacksGate())
  .each(CONFIGURED.map(([settings, expected]) => [JSON.stringify(settings), settings, expected] as const))(
  "configured as %s, and on",
  (_, settings, expected) => {
    let gate: Gate;
    beforeAll(async () => {
      gate = await startGate({ settings });
      await gate.lull.command("setmaintenance", "on");
    });
    afterAll(() => gate.stop());
    test.each(expected.map((row) => row))("%s: %s", async (_sentence, outcome, parts) => {
      expect((await gate.visit(parts)).outcome).toBe(outcome);
    });
  },
);
