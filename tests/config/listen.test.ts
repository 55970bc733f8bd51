import { expect, test } from "bun:test";
import { formatListenAddress, type ListenAddress, parseListenAddress } from "../../src/config/listen.ts";

// What is refused stands in config-values.test.ts, with the words that people get to see.
test.each<[string, string, ListenAddress, string]>([
  ["IPv4", "127.0.0.1:8503", { kind: "tcp", host: "127.0.0.1", port: 8503 }, "127.0.0.1:8503"],
  ["any port", "127.0.0.1:0", { kind: "tcp", host: "127.0.0.1", port: 0 }, "127.0.0.1:0"],
  ["IPv6", "[::1]:8503", { kind: "tcp", host: "::1", port: 8503 }, "[::1]:8503"],
  ["IPv6 in full", "[2001:DB8:0:0:0:0:0:1]:80", { kind: "tcp", host: "2001:db8::1", port: 80 }, "[2001:db8::1]:80"],
  [
    "a unix socket",
    "unix:/run/lull/lull.sock",
    { kind: "unix", path: "/run/lull/lull.sock" },
    "unix:/run/lull/lull.sock",
  ],
])("%s", (_, text, address, canonical) => {
  expect(parseListenAddress(text)).toEqual(address);
  expect(formatListenAddress(address)).toBe(canonical);
});
