/** What is wrong, and what to do, by the code of an error of the network or of TLS. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "the connection was closed",
  ENOTFOUND: "no such host name",
  EPROTO: "it speaks no https here",
  ERR_SSL_WRONG_VERSION_NUMBER: "it speaks no https here",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host name",
};
const untrusted =
  "its certificate is not trusted; start lull with NODE_EXTRA_CA_CERTS=FILE, which holds its authority's";
/** Of OpenSSL, by their names: nobody whom this machine trusts has signed it. */
const isUntrusted = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_(?:UNTRUSTED|SIGNATURE_FAILURE)/;

/** Goes on behind an address: `cannot be asked: nobody listens there (ECONNREFUSED)`. */
export function cannotBeAsked(error: unknown): string {
  const code = codeOf(error);
  const why = isUntrusted.test(code) ? untrusted : Object.hasOwn(words, code) ? words[code] : undefined;
  return `cannot be asked${why === undefined ? "" : `: ${why}`} (${code})`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
