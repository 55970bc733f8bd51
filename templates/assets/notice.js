// Tells visitors of maintenance before it begins: <script src="/.lull/notice.js" defer></script>
// Own words: data-text, data-text-open (no end is known), data-close; {when} {start} {end} {reason} {message}.
(() => {
  if (window.lullNotice) return;
  window.lullNotice = true;
  const POLL_MS = 180_000;
  const KEY = "lull-notice";
  const words = document.currentScript?.dataset ?? {};
  const closed = new Set();
  let plan = { periods: [] };
  let ahead = 0; // of the visitor's clock, ms
  let askedAt = 0;
  let timer;
  let shown;
  let banner;

  try {
    for (const start of localStorage.getItem(KEY).split(" ")) closed.add(start);
  } catch {}

  const load = async () => {
    askedAt = Date.now();
    try {
      const news = await (await fetch("/.lull/upcoming.json")).json();
      if (news.periods) {
        plan = news;
        ahead = Date.parse(news.now) - Date.now();
      }
    } catch {}
    render();
  };

  const tick = () => (document.hidden || Math.abs(Date.now() - askedAt) < POLL_MS ? render() : load());

  const render = () => {
    let wait = POLL_MS;
    try {
      const now = Date.now() + ahead;
      const next = plan.periods.find(({ start, end, expectedEnd }) => {
        const from = Date.parse(start) - plan.noticeLeadSeconds * 1000 - now;
        const left = Date.parse(end) - now;
        for (const change of [from, left, Date.parse(expectedEnd) - now]) if (change > 0) wait = Math.min(wait, change);
        return from <= 0 && !(left <= 0) && !closed.has(start);
      });
      show(next, now);
    } catch {}
    clearTimeout(timer);
    timer = setTimeout(tick, Math.max(wait, 500));
  };

  const show = (period, now) => {
    const until = period?.end ?? (Date.parse(period?.expectedEnd) > now && period.expectedEnd);
    const key = JSON.stringify({ ...period, running: 0, until });
    if (key === shown && (!period || banner.isConnected)) return;
    banner?.remove();
    if (period) put(period, until);
    shown = key;
  };

  const put = (period, until) => {
    const from = new Date(period.start);
    const to = until && new Date(until);
    const time = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
    const options = { weekday: "short", day: "numeric", month: "short", ...time };
    let format;
    try {
      format = new Intl.DateTimeFormat(document.documentElement.lang || [], options);
    } catch {
      format = new Intl.DateTimeFormat([], options);
    }
    const start = format.format(from);
    const end = to ? format.format(to) : "";
    const when = to ? format.formatRange(from, to) : start;
    const own = (!to && words.textOpen) || words.text;
    const text = own || `Planned maintenance${to ? ":" : " from"} {when}`;
    const values = { ...period, when, start, end };
    const line = text.replace(/\{(when|start|end|reason|message)\}/g, (_, name) => values[name]);

    banner = element("div", "display:flex;gap:1em;padding:.75em 1em;background:#fff4ce;color:#222");
    banner.id = KEY;
    const status = element("div", "flex:1;overflow-wrap:anywhere;white-space:pre-line");
    status.setAttribute("role", "status");
    const button = element("button", "align-self:start; font:inherit", words.close || "Close");
    button.type = "button";
    button.onclick = () => {
      closed.add(period.start);
      try {
        localStorage.setItem(KEY, [...closed].slice(-50).join(" "));
      } catch {}
      render();
    };
    banner.append(status, button);
    document.body.prepend(banner);
    // Last, so that it is read out.
    for (const each of own ? [line] : [line, period.reason, period.message])
      if (each) status.append(element("div", "", each));
  };

  const element = (name, style, text = "") => {
    const made = document.createElement(name);
    made.style.cssText = style;
    made.dir = text && "auto";
    made.textContent = text;
    return made;
  };

  document.addEventListener("visibilitychange", () => document.hidden || load());
  if (document.body) void load();
  else document.addEventListener("DOMContentLoaded", load);
})();
