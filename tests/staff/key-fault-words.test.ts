import { describe, expect, test } from "bun:test";
import { addressFaultOf, fileFaultOf } from "../../src/staff/key-fault-words.ts";
import { fetchKeys } from "../../src/staff/key-fetch.ts";

const authority = "its certificate is not trusted: start lull with NODE_EXTRA_CA_CERTS=";

describe("an address that cannot be asked for", () => {
  test.each([
    ["DEPTH_ZERO_SELF_SIGNED_CERT", authority],
    ["SELF_SIGNED_CERT_IN_CHAIN", authority],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", authority],
    ["CERT_HAS_EXPIRED", "its certificate is not trusted: it has expired"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is not trusted: it is for another host name"],
    ["ENOTFOUND", "there is no such host name; check the address"],
  ])("%s says what to do", (code, words) => {
    expect(addressFaultOf(code)).toStartWith(`cannot be asked (${code}): ${words}`);
  });

  test("ECONNREFUSED, and anything else, says to check it", () => {
    const words = "cannot be asked (ECONNREFUSED); check the address: nobody answers on this port";
    expect(addressFaultOf("ECONNREFUSED")).toBe(words);
    expect(addressFaultOf("ENEW")).toBe("cannot be asked (ENEW); check the address");
  });

  test("a host that there is not says that, for real", async () => {
    const fetched = fetchKeys("http://nobody.invalid/", 5_000, new AbortController().signal);
    await expect(fetched).rejects.toThrow(": there is no such host name");
  });
});

test.each([
  ["ENOENT", "cannot be read (ENOENT): there is no such file"],
  ["EACCES", "cannot be read (EACCES): lull must be allowed to read it"],
  ["EIO", "cannot be read (EIO); lull must be allowed to"],
])("a file that cannot be read for %s says what to do", (code, words) => {
  expect(fileFaultOf(code)).toBe(words);
});
