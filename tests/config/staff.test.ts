import { describe, expect, test } from "bun:test";
import type { StaffConfig, TokenSettings } from "../../src/config/staff.ts";
import { loadConfig } from "../../src/config.ts";
import { LullError } from "../../src/gate/error.ts";
import { machineWith } from "../support/machine.ts";

const FILE = "/etc/lull/lull.toml";

function staffOf(toml: string): StaffConfig {
  return loadConfig({ flags: {}, environment: {}, machine: machineWith({ files: { [FILE]: toml } }) }).staff;
}

function faultsOf(toml: string): readonly string[] {
  try {
    staffOf(toml);
    return [];
  } catch (error) {
    if (error instanceof LullError && error.kind === "usage") return error.message.split("\n");
    throw error;
  }
}

const secret = 'jwt_secret_file = "/etc/lull/jwt.secret"\njwt_staff = "groups: staff"\n';
const url = 'jwt_keys = "https://id.example.com/jwks.json"\njwt_staff = "groups: staff"\n';
const named = 'jwt_issuer = "https://id.example.com/"\njwt_audience = "shop"\n';

describe("staff is", () => {
  test("nobody unless configured", () => {
    expect(staffOf("")).toEqual({
      blockStaff: false,
      claims: { staff: null, superuser: null },
      tokens: null,
      probe: null,
    });
  });

  test("known by headers", () => {
    const toml = 'staff_claim = "X-Auth-Groups: staff"\nsuperuser_claim = "Remote-Groups:  cn=root,dc=x "';
    expect(staffOf(toml).claims).toEqual({
      staff: { header: "x-auth-groups", value: "staff" },
      superuser: { header: "remote-groups", value: "cn=root,dc=x" },
    });
  });

  const common: TokenSettings = {
    keys: "",
    secretFile: "",
    issuer: "",
    audience: "",
    algorithms: ["HS256"],
    cookie: "",
    clockSkewMs: 30_000,
    staff: { name: "groups", value: "staff" },
    superuser: null,
  };
  test.each<[string, string, TokenSettings]>([
    ["a shared secret", secret, { ...common, secretFile: "/etc/lull/jwt.secret" }],
    [
      "keys of a URL",
      `${url}${named}jwt_cookie = "access_token"\njwt_superuser = "realm_access.roles: root"\njwt_clock_skew = "0"`,
      {
        ...common,
        keys: "https://id.example.com/jwks.json",
        algorithms: ["RS256", "ES256", "EdDSA"],
        issuer: "https://id.example.com/",
        audience: "shop",
        cookie: "access_token",
        clockSkewMs: 0,
        superuser: { name: "realm_access.roles", value: "root" },
      },
    ],
    [
      "keys of a file",
      'jwt_keys = "/etc/lull/jwks.json"\njwt_algorithms = ["PS256"]\njwt_staff = "https://example.com/is_staff: true"',
      {
        ...common,
        keys: "/etc/lull/jwks.json",
        algorithms: ["PS256"],
        staff: { name: "https://example.com/is_staff", value: "true" },
      },
    ],
    [
      "keys of a server on this machine",
      `jwt_keys = "http://127.0.0.1:8080/jwks"\n${named}jwt_staff = "a: b"`,
      {
        ...common,
        keys: "http://127.0.0.1:8080/jwks",
        algorithms: ["RS256", "ES256", "EdDSA"],
        issuer: "https://id.example.com/",
        audience: "shop",
        staff: { name: "a", value: "b" },
      },
    ],
  ])("known by tokens with %s", (_, toml, expected) => {
    expect(staffOf(toml).tokens).toEqual(expected);
  });

  test("known by the application", () => {
    const toml =
      'staff_probe = "http://127.0.0.1:8000/admin/"\nsuperuser_probe = "http://127.0.0.1:8000/root/"\nstaff_probe_headers = ["X-Forwarded-Proto: https", "X-A:b: c"]';
    expect(staffOf(toml).probe).toEqual({
      staffUrl: "http://127.0.0.1:8000/admin/",
      superuserUrl: "http://127.0.0.1:8000/root/",
      headers: [
        ["X-Forwarded-Proto", "https"],
        ["X-A", "b: c"],
      ],
    });
  });
});

describe("what does not hold is one fault", () => {
  test.each<[string, string, string]>([
    ["a claim without a value", 'staff_claim = "X-Groups:"', 'such as "X-Auth-Groups: staff"'],
    ["a claim without a header", 'staff_claim = "staff"', "a header"],
    ["a header with an underscore", 'staff_claim = "X_Groups: staff"', "without underscores"],
    ["a header that visitors send", 'staff_claim = "User-Agent: staff"', "that the application or an"],
    ["the visitor's cookie", 'superuser_claim = "cookie: staff=1"', "that the application or an"],
    [
      "a header that visitors send, which says why",
      'staff_claim = "Cookie: staff"',
      '"Cookie: staff" is not allowed; use another one than Cookie, which visitors can send, and who does would be staff: a header',
    ],
    ["the visitor's address", 'staff_claim = "X-Forwarded-For: 10.0.0.1"', "that the application or an"],
    ["keys over plain http", `jwt_keys = "http://id.example.com/jwks"\n${named}jwt_staff = "a: b"`, "an https URL"],
    ["keys with a password", `jwt_keys = "https://a:b@id.example.com/"\n${named}jwt_staff = "a: b"`, "an https URL"],
    ["keys in a relative file", 'jwt_keys = "jwks.json"', "an absolute file"],
    ["a secret in a relative file", 'jwt_secret_file = "secret"', "an absolute file"],
    ["keys and a secret", `${secret}jwt_keys = "/k"\njwt_algorithms = ["RS256"]`, "set one of the two"],
    ["keys that make nobody staff", 'jwt_secret_file = "/etc/lull/jwt.secret"', "set jwt_staff or jwt_superuser"],
    ["a claim that nothing verifies", 'jwt_staff = "groups: staff"', "set jwt_keys or jwt_secret_file"],
    ["no audience with a URL", `${url}jwt_issuer = "x"`, "set jwt_issuer and jwt_audience"],
    ["no issuer with a URL", `${url}jwt_audience = "x"`, "set jwt_issuer and jwt_audience"],
    ["no signature", `${secret}jwt_algorithms = ["none"]`, '"none" is not allowed'],
    [
      "a secret's algorithm with keys",
      `${url}${named}jwt_algorithms = ["RS256", "HS256"]`,
      '"HS256" does not go with jwt_keys',
    ],
    [
      "a key's algorithm with a secret",
      `${secret}jwt_algorithms = ["RS256"]`,
      '"RS256" does not go with jwt_secret_file',
    ],
    ["no algorithm at all", `${secret}jwt_algorithms = []`, "one of RS256"],
    ["a claim of a token without a value", `${secret}jwt_superuser = "root"`, 'such as "groups: staff"'],
    ["a skew of an hour", `${secret}jwt_clock_skew = "1h"`, "at most 5 minutes"],
    ["a cookie that is no name", `${secret}jwt_cookie = "a;b"`, "the name of a cookie"],
    ["a probe that is no URL", 'staff_probe = "127.0.0.1:8000"', "an address of the application"],
    ["a probe with a password", 'staff_probe = "http://a:b@127.0.0.1/"', "an address of the application"],
    ["a probe of a file", 'superuser_probe = "file:///etc/passwd"', "an address of the application"],
    ["headers without a probe", 'staff_probe_headers = ["A: b"]', "there is no staff_probe"],
    [
      "a probe's header that is the visitor's",
      'staff_probe = "http://a/"\nstaff_probe_headers = ["Cookie: a=b"]',
      "a header and its value",
    ],
    [
      "a probe's header that lull sets, which says why",
      'staff_probe = "http://a/"\nstaff_probe_headers = ["Host: x"]',
      '"Host: x" is not allowed; use another one than Host, which lull itself sets for each visitor: a header and its value',
    ],
    [
      "a probe's header with a line break",
      'staff_probe = "http://a/"\nstaff_probe_headers = ["A: b\\r\\nC: d"]',
      "a header and its value",
    ],
    [
      "a probe's header without a value",
      'staff_probe = "http://a/"\nstaff_probe_headers = ["A:"]',
      "a header and its value",
    ],
    ["a word for a truth", 'block_staff = "yes"', "true or false"],
  ])("%s", (_, toml, says) => {
    const faults = faultsOf(toml);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(says);
  });
});
