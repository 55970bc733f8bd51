import { describe, expect, test } from "bun:test";
import { clientAddress, explainAddress, type Peer, parseTrust } from "../../src/gate/client-ip.ts";

const unix: Peer = { kind: "unix" };
const trust = parseTrust(["unix", "10.0.0.0/8", "fd00::/8"], "Forwarded");

/** null: nobody knows. */
function addressIn(header: string): string | null {
  const { address, known } = clientAddress(unix, header, trust);
  return known ? address : null;
}

describe("Forwarded (RFC 7239)", () => {
  test.each<[string, string, string | null]>([
    ["an IPv4 address", "for=192.0.2.43", "192.0.2.43"],
    ["in capitals", "FOR=192.0.2.43", "192.0.2.43"],
    ["in quotation marks", 'for="192.0.2.43"', "192.0.2.43"],
    ["with a port", 'for="192.0.2.43:47011"', "192.0.2.43"],
    ["with an obfuscated port", 'for="192.0.2.43:_p0rt.x-1"', "192.0.2.43"],
    ["an IPv6 address", 'for="[2001:DB8:cafe::17]"', "2001:db8:cafe::17"],
    ["with a port, too", 'For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"],
    ["a mapped one, which is IPv4", 'for="[::ffff:192.0.2.43]"', "192.0.2.43"],
    ["among other parameters", "by=203.0.113.43;for=192.0.2.60;proto=http;host=example.com", "192.0.2.60"],
    ["beside unknown parameters", 'secret="x,y;for=6.6.6.6";for=192.0.2.60', "192.0.2.60"],
    ["beside empty parameters", ";for=192.0.2.60;;", "192.0.2.60"],
    ["with characters that need not be escaped", 'for="\\1\\92.0.2.60"', "192.0.2.60"],
    ["the last of a list", "for=6.6.6.6, for=192.0.2.60", "192.0.2.60"],
    ["of a list without spaces", "for=6.6.6.6,for=192.0.2.60", "192.0.2.60"],
    ["of a list with tabs and empty elements", "for=6.6.6.6 ,\t, for=192.0.2.60\t,", "192.0.2.60"],
    ["past trusted hops", 'for=6.6.6.6, for=192.0.2.60, for=10.0.0.1;by="[fd00::2]:80", for="[fd00::1]"', "192.0.2.60"],
    ["trusted hops alone: the leftmost", "for=10.0.0.2, for=10.0.0.1", "10.0.0.2"],
    ["right of what is malformed", 'for=", =;for=6.6.6.6 x, for=192.0.2.60', "192.0.2.60"],
    ["right of a string that is left open", 'for=6.6.6.6;x="a, for=192.0.2.60;y="b"', "192.0.2.60"],
    ["with an element in a string", 'for=192.0.2.60;x="a, for=6.6.6.6;y=b"', "192.0.2.60"],
    ["with commas and marks in a string", 'for=192.0.2.60;host="a,\\"for=6.6.6.6\\",b"', "192.0.2.60"],
    ["with a backslash at the end of a string", 'for=6.6.6.6, for=192.0.2.60;host="a\\\\"', "192.0.2.60"],
    ["right of 64 KB of claims", `${"for=6.6.6.6,".repeat(5_000)}for=192.0.2.60`, "192.0.2.60"],
  ])("reads %s", (_, header, address) => {
    expect(addressIn(header)).toBe(address);
  });

  test.each<[string, string]>([
    ["nothing", ""],
    ["commas", ",, ,"],
    ["semicolons", ";;"],
    ["who is unknown", "for=unknown"],
    ["who is unknown behind a trusted hop", "for=192.0.2.60, for=unknown, for=10.0.0.1"],
    ["an obfuscated name", "for=_hidden"],
    ["one that looks like an address", "for=_192.0.2.60"],
    ["an obfuscated name with a port", 'for="_SEVKISEK:80"'],
    ["a hop that is not named", "proto=https;by=192.0.2.60"],
    ["for twice", "for=192.0.2.60;for=192.0.2.61"],
    ["the same for twice", "for=192.0.2.60;FOR=192.0.2.60"],
    ["another parameter twice", "for=192.0.2.60;proto=http;Proto=https"],
    ["an address alone", "192.0.2.60"],
    ["an address behind a semicolon", "proto=https;192.0.2.60"],
    ["two addresses alone", "192.0.2.60, 192.0.2.61"],
    ["no value", "for="],
    ["an empty value", 'for=""'],
    ["no name", "=192.0.2.60"],
    ["a space before the equals sign", "for =192.0.2.60"],
    ["a space behind it", "for= 192.0.2.60"],
    ["a space within the marks", 'for=" 192.0.2.60"'],
    ["spaces around the semicolon", "for=192.0.2.60 ; proto=https"],
    ["a port without quotation marks", "for=192.0.2.60:80"],
    ["IPv6 without quotation marks", "for=[2001:db8::1]"],
    ["IPv6 without brackets", 'for="2001:db8::1"'],
    ["IPv4 in brackets", 'for="[192.0.2.60]"'],
    ["a zone", 'for="[fe80::1%eth0]"'],
    ["a port above 65535", 'for="192.0.2.60:65536"'],
    ["an empty port", 'for="192.0.2.60:"'],
    ["a leading zero", "for=192.0.2.060"],
    ["a short form", "for=192.2"],
    ["a hexadecimal form", "for=0xC000023C"],
    ["a number", "for=3221226044"],
    ["a name", "for=localhost"],
    ["apostrophes", "for='192.0.2.60'"],
    ["a string that never ends", 'for="192.0.2.60'],
    ["a string that never begins", 'for=192.0.2.60"'],
    ["a string whose end is escaped", 'for="192.0.2.60\\"'],
    ["something behind the string", 'for="192.0.2.60"x'],
    ["something before the string", 'for=x"192.0.2.60"'],
    ["a string with a comma that is no list", 'for="192.0.2.60, for=192.0.2.61"'],
    ["a mark too many", 'for=192.0.2.61, for=192.0.2.60;y=b"'],
    ["a control byte", "for=192.0.2.60;x=\x01"],
    ["a control byte in a string", 'for=192.0.2.60;x="\x7f"'],
    ["a no-break space", "\xa0for=192.0.2.60"],
    ["digits of another script", "for=１92.0.2.60"],
    ["an equals sign of another script", "for＝192.0.2.60"],
    ["more than 1 KB in one element", `for=192.0.2.60;x=${"x".repeat(1_024)}`],
    ["33 trusted hops", `for=192.0.2.60${", for=10.0.0.1".repeat(32)}`],
    ["64 KB of backslashes", `for="${"\\".repeat(65_536)}"`],
    ["64 KB of quotation marks", '"'.repeat(65_536)],
    ["64 KB of semicolons", ";".repeat(65_536)],
  ])("knows nobody by %s", (_, header) => {
    expect(addressIn(header)).toBeNull();
  });

  test("as another header it is nothing, and another header is nothing as this one", () => {
    expect(clientAddress(unix, "for=192.0.2.60", parseTrust(["unix"], "X-Forwarded-For")).known).toBe(false);
    expect(clientAddress(unix, "192.0.2.60", parseTrust(["unix"], "Forwarded")).known).toBe(false);
  });

  test("from who is not trusted it counts for nothing", () => {
    expect(clientAddress({ kind: "ip", address: "198.51.100.7" }, "for=10.0.0.1", trust)).toEqual({
      address: "198.51.100.7",
      known: true,
      isPeerTrusted: false,
    });
  });

  test("whatever a visitor writes before it, the nearest proxy's element is read alike", () => {
    const written = ["for=192.0.2.60", 'for="[2001:db8::1]:80"', 'for=192.0.2.60;host="a,b;\\"c";proto=https'];
    const alphabet = ['"', "\\", ",", ";", "=", "for=6.6.6.6", "x", " ", '"6.6.6.6"'];
    let seed = 1;
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 20_000; round++) {
      const claim = Array.from({ length: next(12) }, () => alphabet[next(alphabet.length)]).join("");
      const element = written[next(written.length)] ?? "";
      expect({ claim, address: addressIn(`${claim}, ${element}`) }).toEqual({ claim, address: addressIn(element) });
    }
  });

  test("explained, its hops are as they stand there", () => {
    const { client, hops } = explainAddress(
      unix,
      'for=6.6.6.6, for="[2001:DB8::1]:8", for=10.0.0.1;proto=https',
      trust,
    );
    expect(client.address).toBe("2001:db8::1");
    expect(hops).toEqual([
      { text: "for=10.0.0.1;proto=https", address: "10.0.0.1", isTrusted: true },
      { text: 'for="[2001:DB8::1]:8"', address: "2001:db8::1", isTrusted: false },
    ]);
  });
});
