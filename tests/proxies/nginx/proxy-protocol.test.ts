/** The PROXY protocol: nginx takes the address out of it, from balancers that it trusts, and hands it on as always. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sendRaw } from "../../support/raw-http.ts";
import { APPLICATION, type Gate, lacksGate, startGate } from "./gate.ts";
import { outcomeOf, requestText } from "./visit.ts";

const exempt = "198.51.100.7";
const content = `include snippets/lull.conf; location / { proxy_pass http://app; ${APPLICATION} }`;
const listening = (port: string, from: string) =>
  `server { listen 127.0.0.1:@port.${port}@ proxy_protocol; set_real_ip_from ${from}; real_ip_header proxy_protocol; ${content} }`;
const servers = `
server { listen 127.0.0.1:@port.web@; ${content} }
${listening("trusted", "127.0.0.1")}
${listening("strange", "10.0.0.5")}`;

const signature = "\r\n\r\n\x00\r\nQUIT\n";
const two = (number: number) => String.fromCharCode(number >> 8, number & 255);
const four = (address: string) => String.fromCharCode(...address.split(".").map(Number));
const mapped = (address: string) => `${"\x00".repeat(10)}\xff\xff${four(address)}`;
const six = (tail: number) => `\x20\x01\x0d\xb8\x00\x05${"\x00".repeat(9)}${String.fromCharCode(tail)}`;
const ports = two(51_000) + two(443);

/** Version 2. `command` 1 is PROXY and 0 LOCAL; `family` 0x11 TCP over IPv4, 0x21 over IPv6. */
function binary(command: number, family: number, addresses: string, length = addresses.length): string {
  return `${signature}${String.fromCharCode(0x20 | command, family)}${two(length)}${addresses}`;
}

let gate: Gate;
let sent = 0;

async function outcome(header: string, port: string, headers: readonly string[] = []): Promise<string> {
  sent += 1;
  const marker = `proxy-protocol-${sent}`;
  const request = requestText({ client: null, headers }, [`X-Marker: ${marker}`]);
  try {
    const response = await sendRaw({ host: "127.0.0.1", port: gate.nginx.port(port) }, header + request);
    return outcomeOf(response, gate.app.hits(marker));
  } catch {
    const hits = gate.app.hits(marker);
    return hits === 0 ? "refused" : `refused, the application was asked ${hits} times`;
  }
}

describe.skipIf(await lacksGate())("the PROXY protocol, while the site is closed", () => {
  beforeAll(async () => {
    gate = await startGate({ servers, settings: { internal_ips: `${exempt},2001:db8:5::/48` } });
    await gate.lull.command("setmaintenance", "on");
  }, 20_000);
  afterAll(() => gate.stop());

  test.each<[string, string, string]>([
    ["an exempt address", `PROXY TCP4 ${exempt} 127.0.0.1 51000 443\r\n`, "pass"],
    ["an exempt IPv6 address", "PROXY TCP6 2001:db8:5::7 ::1 51000 443\r\n", "pass"],
    ["an exempt address mapped into IPv6", `PROXY TCP6 ::ffff:${exempt} ::1 51000 443\r\n`, "pass"],
    ["an exempt address in version 2", binary(1, 0x11, four(exempt) + four("127.0.0.1") + ports), "pass"],
    ["an exempt IPv6 address in version 2", binary(1, 0x21, six(7) + six(1) + ports), "pass"],
    ["a mapped one in version 2", binary(1, 0x21, mapped(exempt) + mapped("127.0.0.1") + ports), "pass"],
    [
      "version 2 with more behind the addresses",
      binary(1, 0x11, `${four(exempt)}${four("127.0.0.1")}${ports}\x04\x00\x01x`),
      "pass",
    ],
    ["another address", "PROXY TCP4 203.0.113.9 127.0.0.1 51000 443\r\n", "held"],
    ["another address in version 2", binary(1, 0x11, four("203.0.113.9") + four(exempt) + ports), "held"],
    ["an exempt destination", `PROXY TCP4 203.0.113.9 ${exempt} 51000 443\r\n`, "held"],
    ["nobody", "PROXY UNKNOWN\r\n", "held"],
    ["nobody, and an exempt address", `PROXY UNKNOWN ${exempt} 127.0.0.1 51000 443\r\n`, "held"],
    ["the balancer itself in version 2", binary(0, 0, ""), "held"],
    ["the balancer itself, and an exempt address", binary(0, 0x11, four(exempt) + four("127.0.0.1") + ports), "held"],
    ["a unix socket in version 2", binary(1, 0x31, "x".repeat(216)), "held"],
    ["a family that is none", binary(1, 0x71, four(exempt) + four("127.0.0.1") + ports), "held"],
    // nginx reads them in decimal, and lull gets what nginx has read.
    ["an exempt address with leading zeros", "PROXY TCP4 198.051.100.007 127.0.0.1 51000 443\r\n", "pass"],
    ["one that is exempt when read in octal", "PROXY TCP4 0306.063.0144.07 127.0.0.1 51000 443\r\n", "held"],
    ["an address in hexadecimal", "PROXY TCP4 0xc6336407 127.0.0.1 51000 443\r\n", "refused"],
    ["small letters", `proxy tcp4 ${exempt} 127.0.0.1 51000 443\r\n`, "refused"],
    ["another version", `${signature}\x31\x11${two(12)}${four(exempt)}${four("127.0.0.1")}${ports}`, "refused"],
    ["nothing", "", "refused"],
    [
      "one header after another",
      `PROXY TCP4 203.0.113.9 127.0.0.1 51000 443\r\nPROXY TCP4 ${exempt} 127.0.0.1 51000 443\r\n`,
      "400",
    ],
    [
      "one of version 2 after another",
      `PROXY TCP4 203.0.113.9 127.0.0.1 1 443\r\n${binary(1, 0x11, four(exempt) + four(exempt) + ports)}`,
      "400",
    ],
  ])("from a trusted balancer, %s", async (_, header, expected) => {
    expect(await outcome(header, "trusted")).toBe(expected);
  });

  test.each<[string, readonly string[]]>([
    ["X-Forwarded-For", [`X-Forwarded-For: ${exempt}`]],
    ["X-Real-IP", [`X-Real-IP: ${exempt}`]],
    ["Forwarded", [`Forwarded: for=${exempt}`]],
    ["the header's name", [`Proxy_Protocol: ${exempt}`, `Proxy-Protocol: ${exempt}`, `Proxy-Protocol-Addr: ${exempt}`]],
  ])("what the visitor says beside it does not count: %s", async (_, headers) => {
    expect(await outcome("PROXY TCP4 203.0.113.9 127.0.0.1 51000 443\r\n", "trusted", headers)).toBe("held");
    expect(await outcome(`PROXY TCP4 ${exempt} 127.0.0.1 51000 443\r\n`, "trusted", headers)).toBe("pass");
  });

  test.each<[string, string]>([
    ["an exempt address", `PROXY TCP4 ${exempt} 127.0.0.1 51000 443\r\n`],
    ["an exempt address in version 2", binary(1, 0x11, four(exempt) + four("127.0.0.1") + ports)],
    ["an exempt IPv6 address", "PROXY TCP6 2001:db8:5::7 ::1 51000 443\r\n"],
  ])("from a balancer that nginx does not trust it counts for nothing: %s", async (_, header) => {
    expect(await outcome(header, "strange")).toBe("held");
  });

  test.each<[string, string]>([
    ["in version 1", `PROXY TCP4 ${exempt} 127.0.0.1 51000 443\r\n`],
    ["in version 2", binary(1, 0x11, four(exempt) + four("127.0.0.1") + ports)],
  ])("where nginx does not expect it, it is no request: %s", async (_, header) => {
    expect(await outcome(header, "web")).toBe("400");
  });
});
