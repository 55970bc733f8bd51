const notTrusted = "its certificate is not trusted:";
const ownAuthority = `${notTrusted} start lull with NODE_EXTRA_CA_CERTS=FILE, the certificate of who has signed it`;

/** What to do about a key file that cannot be read, by the system's code. */
const fileWords: ReadonlyMap<string, string> = new Map([
  ["ENOENT", ": there is no such file"],
  ["EACCES", ": lull must be allowed to read it"],
]);

/** What to do about an address that cannot be asked, by the code of Bun. */
const addressWords: ReadonlyMap<string, string> = new Map([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", `: ${ownAuthority}`],
  ["SELF_SIGNED_CERT_IN_CHAIN", `: ${ownAuthority}`],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", `: ${ownAuthority}, or let the server send the whole chain`],
  ["CERT_HAS_EXPIRED", `: ${notTrusted} it has expired`],
  ["ERR_TLS_CERT_ALTNAME_INVALID", `: ${notTrusted} it is for another host name`],
  ["ENOTFOUND", ": there is no such host name; check the address"],
  ["ECONNREFUSED", "; check the address: nobody answers on this port"],
]);

/** What is said of a code, in words that people can act by; the code stands in it. */
export function fileFaultOf(code: string): string {
  return `cannot be read (${code})${fileWords.get(code) ?? "; lull must be allowed to"}`;
}

export function addressFaultOf(code: string): string {
  return `cannot be asked (${code})${addressWords.get(code) ?? "; check the address"}`;
}
