/** The cases of both packages that need staff, by their names in the list of cases, with what nginx itself knows of visitors. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { needProgram } from "../../support/debian.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";
import { selfSigned } from "./self-signed.ts";

/** As an operator edits the shipped file: who comes from where belongs to which groups. */
const groups = `map $remote_addr $lull_groups {
  default "";
  203.0.113.20 users;
  203.0.113.21 "users, staff";
  203.0.113.22 "users, staff, admin";
  203.0.113.23 admin;
}`;
const nobody = "203.0.113.9";
const [user, staff, superuser, superuserAlone] = ["203.0.113.20", "203.0.113.21", "203.0.113.22", "203.0.113.23"];
const claims = { staff_claim: "X-Auth-Groups: staff", superuser_claim: "X-Auth-Groups: admin" };
const servers = server(
  "_",
  `include snippets/lull.conf;
  add_header X-Lull $lull always;
  add_header X-Lull-Why $lull_why always;
  location / { proxy_pass http://app; ${APPLICATION} }`,
);

type Row = readonly [sentence: string, client: string, target: string, outcome: string, why: string | null];

const cases: readonly (readonly [block: string, rows: readonly Row[]])[] = [
  [
    "false",
    [
      ["not logged in", nobody, "/", "held", null],
      ["A05: logged in, not staff", user, "/", "held", null],
      ["A06: staff", staff, "/", "pass", "staff"],
      ["B20: a superuser", superuser, "/", "pass", "superuser"],
      ["a superuser who is in no other group", superuserAlone, "/", "pass", "superuser"],
      ["staff, a path that can be read in two ways", staff, "//x/..%2fy", "pass", "staff"],
    ],
  ],
  [
    "true",
    [
      ["A05: logged in, not staff", user, "/", "held", null],
      ["A07: staff", staff, "/", "held", null],
      ["A08: a superuser", superuser, "/", "pass", "superuser"],
      ["staff, an ignored URL", staff, "/admin/", "pass", null],
    ],
  ],
];

describe.skipIf(await lacksGate()).each(cases.map((each) => each))(
  "with block_staff = %s, while closed",
  (block, rows) => {
    let gate: Gate;
    beforeAll(async () => {
      gate = await startGate({ settings: { ...claims, block_staff: block }, servers, groups });
      await gate.lull.command("setmaintenance", "on");
    });
    afterAll(() => gate.stop());

    test.each(rows.map((row) => row))("%s", async (_, client, target, outcome, why) => {
      const visited = await gate.visit({ client, target });
      expect(visited.outcome).toBe(outcome);
      expect(visited.response.header("X-Lull-Why")).toBe(why);
      if (outcome === "pass") expect(visited.response.header("X-Lull")).toBe(why === null ? null : "bypass");
    });

    test.each([
      ["the header", ["X-Auth-Groups: staff, admin"]],
      ["the header twice", ["X-Auth-Groups: staff", "X-Auth-Groups: admin"]],
      ["the header in capitals", ["X-AUTH-GROUPS: admin"]],
      ["the header with underscores", ["X_Auth_Groups: admin"]],
      ["what the sidecar says", ["X-Lull: bypass", "X-Lull-Why: superuser"]],
      ["the address of one", ["X-Forwarded-For: 203.0.113.22", "X-Real-IP: 203.0.113.22"]],
      ["a name and a password", [`Authorization: Basic ${btoa("admin:admin")}`]],
      ["a cookie", ["Cookie: X-Auth-Groups=admin; is_superuser=1; sessionid=admin"]],
    ])("a visitor who sends %s is nobody", async (_, headers) => {
      expect((await gate.visit({ client: nobody, headers })).outcome).toBe("held");
    });
  },
);

describe.skipIf(await lacksGate())("without a claim in the configuration", () => {
  test("no header makes anybody staff", async () => {
    await using gate = await startGate({ servers, groups });
    await gate.lull.command("setmaintenance", "on");
    expect((await gate.visit({ client: superuser })).outcome).toBe("held");
  });
});

describe.skipIf((await lacksGate()) || (await needProgram("openssl")) === null)("by the client's certificate", () => {
  test("the one that is named is staff, another and none are not", async () => {
    await using folder = temporaryFolder();
    const [site, ada, eve] = [
      await selfSigned(folder.path, "/CN=one.test"),
      await selfSigned(folder.path, "/O=Example/CN=Ada"),
      await selfSigned(folder.path, "/O=Example/CN=Eve"),
    ];
    await using gate = await startGate({
      settings: claims,
      servers: server(
        "_",
        `listen 127.0.0.1:@port.tls@ ssl; ssl_certificate ${site.certificate}; ssl_certificate_key ${site.key};
        ssl_client_certificate ${ada.certificate}; ssl_verify_client optional_no_ca;
        include snippets/lull.conf;
        location / { proxy_pass http://app; ${APPLICATION} }`,
      ),
      groups:
        'map "$ssl_client_verify $ssl_client_s_dn" $lull_groups { default ""; "SUCCESS CN=Ada,O=Example" staff; "SUCCESS CN=Eve,O=Example" staff; }',
    });
    await gate.lull.command("setmaintenance", "on");
    const visits = [ada, eve, null].map(async (shown) => {
      const files = shown === null ? {} : { cert: Bun.file(shown.certificate), key: Bun.file(shown.key) };
      const tls = { rejectUnauthorized: false, ...files };
      return (await fetch(`https://127.0.0.1:${gate.nginx.port("tls")}/`, { tls })).status;
    });
    expect(await Promise.all(visits)).toEqual([200, 503, 503]);
  });
});

describe.skipIf(await lacksGate())("by a proxy before nginx that logs people in", () => {
  test.each([
    ["from its address the header counts", "127.0.0.1", "pass"],
    ["from any other it does not", "10.0.0.5", "held"],
  ])("%s", async (_, login, outcome) => {
    await using gate = await startGate({
      settings: claims,
      servers,
      groups: `geo $realip_remote_addr $from_login { default 0; ${login} 1; }
        map "$from_login $http_x_auth_groups" $lull_groups { default ""; "~^1 (?<groups>.*)" $groups; }`,
    });
    await gate.lull.command("setmaintenance", "on");
    const staffed = await gate.visit({ headers: ["X-Auth-Groups: users,staff"] });
    const others = await gate.visit({ headers: ["X-Auth-Groups: users"] });
    expect([staffed.outcome, others.outcome]).toEqual([outcome, "held"]);
  });
});
