import { expect, test } from "bun:test";
import { nearestName } from "../src/nearest-name.ts";

const KEYS = [
  "listen",
  "admin_listen",
  "log_level",
  "timezone",
  "templates",
  "trusted_proxies",
  "default_site",
  "client_address_header",
  "top",
];

test.each([
  ["letters exchanged", "log_levle", "log_level"],
  ["a letter missing", "lsten", "listen"],
  ["a letter too many", "timezzone", "timezone"],
  ["another ending", "trusted_proxy", "trusted_proxies"],
  ["capitals", "LISTEN", "listen"],
  ["dashes", "default-site", "default_site"],
  ["dashes and a letter or two", "client-address-head", "client_address_header"],
  ["neighbours in the wrong order, which is one difference", "otp", "top"],
  ["another word", "block_staff", null],
  ["a short word that is another", "lst", null],
  ["nothing", "", null],
])("%s: %j", (_, name, nearest) => {
  expect(nearestName(name, KEYS)).toBe(nearest);
});
