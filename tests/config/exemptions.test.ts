import { expect, test } from "bun:test";
import { configurationExemptions } from "../../src/config/exemptions.ts";
import { loadConfig } from "../../src/config.ts";
import { machineWith } from "../support/machine.ts";

test("networks, paths and patterns of the configuration become exemptions of all sites that name their key", () => {
  const config = loadConfig({
    flags: {
      "internal-ips": "192.0.2.7, 2001:db8::/32",
      "admin-ignored-urls": "/manage, ^api/",
      "default-exemptions": "/robots.txt",
    },
    environment: {},
    machine: machineWith(),
  });
  const exemptions = configurationExemptions(config);
  expect(exemptions.map(({ kind, description }) => [kind, description])).toEqual([
    ["network", "internal_ips"],
    ["network", "internal_ips"],
    ["path", "admin_ignored_urls"],
    ["pattern", "admin_ignored_urls"],
    ["path", "default_exemptions"],
  ]);
  expect(exemptions.map(({ value }) => value)).toEqual([
    expect.stringContaining("192.0.2.7"),
    "2001:db8::/32",
    "/manage",
    "^api/",
    "/robots.txt",
  ]);
  for (const exemption of exemptions) expect(exemption).toMatchObject({ id: null, siteId: null, expires: null });
});

test("without a configuration the admin and what robots and certificates need stay reachable", () => {
  const config = loadConfig({ flags: {}, environment: {}, machine: machineWith() });
  expect(configurationExemptions(config).map(({ kind }) => kind)).toEqual(["path", "path", "path", "path"]);
});

test("nothing is exempt when everything is turned off", () => {
  const config = loadConfig({
    flags: { "admin-ignored-urls": "", "default-exemptions": "" },
    environment: {},
    machine: machineWith(),
  });
  expect(configurationExemptions(config)).toEqual([]);
});
