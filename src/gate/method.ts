/**
 * What a visit's method can be: IANA's registry of HTTP methods (RFC 9110, 16.1.1; WebDAV and its extensions, PATCH,
 * QUERY), without `*` and `PRI`, which are reserved because no request has them.
 */
export const knownMethods: readonly string[] = [
  ...["GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "QUERY"],
  ...["ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE"],
  ...["MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND"],
  ...["PROPPATCH", "REBIND", "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE"],
  ...["UPDATEREDIRECTREF", "VERSION-CONTROL"],
];
