import { describe, expect, test } from "bun:test";
import {
  clientAddress,
  explainAddress,
  networkContains,
  type Peer,
  parseNetwork,
  parseTrust,
} from "../../src/gate/client-ip.ts";
import { compileNetworks } from "../../src/gate/network-index.ts";
import { readCorpus } from "./builders.ts";

interface Row {
  readonly peer: string | null;
  readonly xff: readonly string[];
  readonly trusted: readonly string[];
  readonly want: string | null;
  readonly why: string;
}

function isRow(row: unknown): row is Row {
  return typeof row === "object" && row !== null && "want" in row && "why" in row;
}

const rows = readCorpus("client-address.jsonl").filter(isRow);
const unix: Peer = { kind: "unix" };
const loopback: Peer = { kind: "ip", address: "127.0.0.1" };
const trust = parseTrust(["unix", "loopback", "10.0.0.0/8"]);

describe("clientAddress on the corpus", () => {
  test("all cases are there", () => expect(rows).toHaveLength(18));

  test.each(rows.map((row) => [row.why, row] as const))("%s", (_why, { peer, xff, trusted, want }) => {
    const from: Peer = peer === null ? unix : { kind: "ip", address: peer };
    const header = xff.length === 0 ? null : xff.join(", ");
    expect(clientAddress(from, header, parseTrust([...trusted, "unix"])).address).toBe(want);
  });
});

describe("clientAddress", () => {
  test.each<[string, Peer, string | null, string | null, boolean]>([
    ["one address is known", unix, "203.0.113.9", "203.0.113.9", true],
    ["a trusted client is known, too", unix, "127.0.0.1", "127.0.0.1", true],
    ["IPv6 gets the form of RFC 5952", unix, "2001:DB8:0::0:1", "2001:db8::1", true],
    ["a port is dropped", unix, "203.0.113.9:51000", "203.0.113.9", true],
    ["brackets are dropped", unix, "[2001:db8::1]", "2001:db8::1", true],
    ["brackets, zone and port are dropped", unix, "[fe80::1%25eth0]:80", "fe80::1", true],
    ["spaces and tabs around a list's elements are dropped", unix, "6.6.6.6 ,\t1.2.3.4 \t", "1.2.3.4", true],
    [
      "an untrusted peer is known, whatever it claims",
      { kind: "ip", address: "198.51.100.7" },
      "garbage",
      "198.51.100.7",
      true,
    ],
    ["a trusted peer without the header is not known", loopback, null, "127.0.0.1", false],
    ["an empty header is none", loopback, "", "127.0.0.1", false],
    ["commas alone are none", loopback, " , ,", "127.0.0.1", false],
    ["an unreadable nearest hop is not known", loopback, "1.2.3.4, unknown", "127.0.0.1", false],
    ["an unreadable hop behind a trusted one is not known", loopback, "unknown, 10.0.0.2", "10.0.0.2", false],
    ["nginx's `unix:` is not known", unix, "unix:", null, false],
    ["a short form is not known", unix, "127.1", null, false],
    ["an octal form is not known", unix, "0177.0.0.1", null, false],
    ["a leading zero is not known", unix, "127.0.0.01", null, false],
    ["a leading zero in front is not known", unix, "010.0.0.1", null, false],
    ["a decimal number is not known", unix, "2130706433", null, false],
    ["a part above 255 is not known", unix, "1.2.3.256", null, false],
    ["a leading zero inside a mapped address is not known", unix, "::ffff:1.2.3.04", null, false],
    ["a compatible address is no mapped one", unix, "::1.2.3.4", "::102:304", true],
    ["a port above 65535 is not known", unix, "1.2.3.4:65536", null, false],
    ["brackets around IPv4 are not known", unix, "[1.2.3.4]:80", null, false],
    ["a zone behind IPv4 is not known", unix, "1.2.3.4%eth0", null, false],
    ["a no-break space is no space", unix, "\xa01.2.3.4", null, false],
    ["an unreadable peer is not known", { kind: "ip", address: "?" }, "1.2.3.4", null, false],
    ["32 trusted hops are walked", loopback, `1.2.3.4${", 10.0.0.1".repeat(31)}`, "1.2.3.4", true],
    ["33 are not", loopback, `1.2.3.4${", 10.0.0.1".repeat(32)}`, null, false],
    ["64 KB of commas", unix, ",".repeat(65_536), null, false],
    ["64 KB in one element", unix, "1".repeat(65_536), null, false],
    ["64 KB of claims left of the address", unix, `${"x,".repeat(32_768)}1.2.3.4`, "1.2.3.4", true],
  ])("%s", (_sentence, peer, header, address, known) => {
    const isPeerTrusted = peer.kind === "unix" || peer.address === "127.0.0.1";
    const found = { address, known, isPeerTrusted };
    expect(clientAddress(peer, header, trust)).toEqual(found);
    expect(explainAddress(peer, header, trust).client).toEqual(found);
  });

  test("a unix socket that is not trusted has no address, whatever its header says", () => {
    const found = { address: null, known: false, isPeerTrusted: false };
    expect(clientAddress(unix, "1.2.3.4", parseTrust(["loopback"]))).toEqual(found);
  });
});

describe("explainAddress takes down the hops from the right", () => {
  test.each<[string, string, readonly (readonly [string, string | null, boolean])[]]>([
    ["one plain address", "1.2.3.4", [["1.2.3.4", "1.2.3.4", false]]],
    [
      "as far as they were looked at",
      "6.6.6.6, [2001:DB8::1]:80, 10.0.0.2",
      [
        ["10.0.0.2", "10.0.0.2", true],
        ["[2001:DB8::1]:80", "2001:db8::1", false],
      ],
    ],
    [
      "with the one that cannot be read",
      "1.2.3.4, unknown, 10.0.0.2",
      [
        ["10.0.0.2", "10.0.0.2", true],
        ["unknown", null, false],
      ],
    ],
    ["none of an empty header", " , ", []],
  ])("%s", (_, header, hops) => {
    expect(
      explainAddress(unix, header, trust).hops.map(({ text, address, isTrusted }) => [text, address, isTrusted]),
    ).toEqual(hops.map((hop) => [...hop]));
  });

  test.each<[string, Peer, string | null]>([
    ["none from who is not trusted", { kind: "ip", address: "198.51.100.7" }, "1.2.3.4"],
    ["none without the header", unix, null],
  ])("%s", (_, peer, header) => {
    expect(explainAddress(peer, header, trust).hops).toEqual([]);
  });
});

describe("networks", () => {
  test.each<[string, string, string]>([
    ["an IPv4 network", "10.0.0.0/8", "10.0.0.0/8"],
    ["everything", "0.0.0.0/0", "0.0.0.0/0"],
    ["an IPv4 address", "10.0.0.1", "10.0.0.1/32"],
    ["an IPv6 network", "2001:DB8::/32", "2001:db8::/32"],
    ["an IPv6 address", "0:0:0:0:0:0:0:1", "::1/128"],
    ["a mapped network", "::ffff:10.0.0.0/104", "10.0.0.0/8"],
    ["a mapped address", "::ffff:10.0.0.1", "10.0.0.1/32"],
  ])("%s is read", (_sentence, text, canonical) => {
    expect(parseNetwork(text).text).toBe(canonical);
    expect(parseNetwork(canonical)).toEqual(parseNetwork(text));
  });

  test.each<[string, string, string]>([
    ["host bits", "10.0.0.1/8", 'write "10.0.0.0/8" for the network or "10.0.0.1" for the one address'],
    ["host bits of IPv6", "2001:db8::1/32", 'write "2001:db8::/32" for the network or "2001:db8::1"'],
    ["nothing", "", "is not a network"],
    ["a short form", "10/8", "is not a network"],
    ["a mask", "10.0.0.0/255.0.0.0", "a number from 0 to 32"],
    ["a prefix that is too long", "10.0.0.0/33", "a number from 0 to 32"],
    ["an empty prefix", "10.0.0.0/", "a number from 0 to 32"],
    ["a leading zero", "10.0.0.0/08", "a number from 0 to 32"],
    ["a mapped network that is more than IPv4", "::ffff:0.0.0.0/95", "a number from 0 to 32"],
    ["two prefixes", "10.0.0.0/8/8", "is not a network"],
    ["a host name", "proxy.example", "is not a network"],
  ])("%s is refused", (_sentence, text, message) => {
    expect(() => parseNetwork(text)).toThrow(message);
  });

  test.each<[string, string, string, boolean]>([
    ["an address inside", "10.0.0.0/8", "10.255.1.2", true],
    ["an address outside", "10.0.0.0/8", "11.0.0.0", false],
    ["a mapped address inside", "10.0.0.0/8", "::ffff:10.1.2.3", true],
    ["IPv6 of the same bits", "0.0.0.0/0", "::1", false],
    ["IPv6 inside", "2001:db8::/33", "2001:db8:7fff::1", true],
    ["IPv6 outside", "2001:db8::/33", "2001:db8:8000::1", false],
    ["what is no address", "0.0.0.0/0", "x", false],
  ])("%s", (_sentence, network, address, inside) => {
    expect(networkContains(parseNetwork(network), address)).toBe(inside);
    expect(compileNetworks([parseNetwork(network)])(address)).toEqual(inside ? [0] : []);
  });

  test("an index finds every network that contains an address, in order", () => {
    const texts = ["10.0.0.0/8", "::/0", "10.1.0.0/16", "10.0.0.0/8", "10.1.2.3", "10.2.0.0/16"];
    const find = compileNetworks(texts.map(parseNetwork));
    expect(find("10.1.2.3")).toEqual([0, 2, 3, 4]);
    expect(find("2001:db8::1")).toEqual([1]);
  });
});

describe("parseTrust", () => {
  test("reads the words and networks", () => {
    const { unix: unixTrusted, networks } = parseTrust(["unix", "loopback", "fd00::/8"]);
    expect(unixTrusted).toBe(true);
    expect(networks.map(({ text }) => text)).toEqual(["127.0.0.0/8", "::1/128", "fd00::/8"]);
  });

  test.each([
    ["Forwarded", "forwarded"],
    ["FORWARDED", "forwarded"],
    ["X-Forwarded-For", "addresses"],
    ["", "addresses"],
  ])("reads %p as its name says", (header, form) => {
    expect<string>(parseTrust([], header).form).toBe(form);
  });

  test.each(["", "localhost", "10.0.0.1/8"])('refuses "%s"', (entry) => {
    expect(() => parseTrust([entry])).toThrow(`"${entry}"`);
  });
});
