import notice from "../../templates/assets/notice.js" with { type: "text" };

let script: string | null = null;

/** `/.lull/notice.js`: the same for every site, without what only its readers need. */
export function noticeResponse(): Response {
  script ??= new Bun.Transpiler({ loader: "js", minifyWhitespace: true }).transformSync(notice);
  const headers = {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "max-age=300",
    "X-Content-Type-Options": "nosniff",
  };
  return new Response(script, { headers });
}
