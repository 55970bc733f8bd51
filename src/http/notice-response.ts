import notice from "../../templates/assets/notice.js" with { type: "text" };

/** `/.lull/notice.js`: the same for every site. */
export function noticeResponse(): Response {
  const headers = {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "max-age=300",
    "X-Content-Type-Options": "nosniff",
  };
  return new Response(notice, { headers });
}
