/** What nginx sends with the configuration of the README, besides Host and its own; this is what wrk sends. */
export const visitHeaders: readonly string[] = headersFor("shop.example", "/catalogue/teapots?page=2");

/** One check on a connection that stays open, for a host that is site 1's unless told otherwise. */
export function checkRequest(host = "shop.example", target = "/catalogue/teapots?page=2"): Buffer {
  const lines = ["GET /check/nginx HTTP/1.1", "Host: lull_sidecar", ...headersFor(host, target), "", ""];
  return Buffer.from(lines.join("\r\n"), "latin1");
}

function headersFor(host: string, target: string): readonly string[] {
  return [
    `X-Forwarded-Host: ${host}`,
    `X-Forwarded-Uri: ${target}`,
    "X-Forwarded-Method: GET",
    "X-Real-IP: 203.0.113.9",
  ];
}
