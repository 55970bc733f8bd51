// Tells visitors of maintenance before it begins: <script src="/.lull/notice.js" defer></script>
// Own words: data-text, data-text-open (no end is known), data-close; {when} {start} {end} {reason} {message}.
(() => {
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

  const tick = () => (document.hidden || Date.now() - askedAt < POLL_MS ? render() : load());

  const render = () => {
    let wait = POLL_MS;
    try {
      const now = Date.now() + ahead;
      const due = plan.periods.filter((period) => {
        const from = Date.parse(period.start) - plan.noticeLeadSeconds * 1000 - now;
        const left = Date.parse(period.end) - now;
        for (const change of [from, left]) if (change > 0) wait = Math.min(wait, change);
        return from <= 0 && !(left <= 0);
      });
      show(due.find(({ start }) => !closed.has(start)));
    } catch {}
    clearTimeout(timer);
    timer = setTimeout(tick, Math.max(wait, 500));
  };

  const show = (period) => {
    const key = JSON.stringify({ ...period, running: 0 });
    if (key === shown) return;
    shown = key;
    banner?.remove();
    if (!period) return;
    const { reason, message } = period;
    const from = new Date(period.start);
    const until = period.end ?? period.expectedEnd;
    const format = formatter();
    const start = format.format(from);
    const end = until ? format.format(new Date(until)) : "";
    const when = until ? format.formatRange(from, new Date(until)) : start;
    const own = (!until && words.textOpen) || words.text;
    const text = own || (until ? "Planned maintenance: {when}" : "Planned maintenance from {when}");
    const values = { when, start, end, reason, message };
    const line = text.replace(/\{(when|start|end|reason|message)\}/g, (_, name) => values[name]);

    banner = element("div", {
      display: "flex",
      gap: "1em",
      padding: "0.75em 1em",
      background: "#fff4ce",
      color: "#222",
    });
    banner.id = KEY;
    const status = element("div", { flex: "1", overflowWrap: "anywhere", whiteSpace: "pre-line" });
    status.setAttribute("role", "status");
    const button = element("button", { alignSelf: "start", font: "inherit" }, words.close || "Close");
    button.type = "button";
    button.onclick = () => close(period.start);
    banner.append(status, button);
    document.body.prepend(banner);
    // Last, so that it is read out.
    for (const each of own ? [line] : [line, reason, message]) if (each) status.append(element("div", {}, each));
  };

  const formatter = () => {
    const time = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
    const options = { weekday: "short", day: "numeric", month: "short", ...time };
    try {
      return new Intl.DateTimeFormat(document.documentElement.lang || [], options);
    } catch {
      return new Intl.DateTimeFormat([], options);
    }
  };

  const element = (name, style, text = "") => {
    const made = document.createElement(name);
    Object.assign(made.style, style);
    made.dir = text && "auto";
    made.textContent = text;
    return made;
  };

  const close = (start) => {
    closed.add(start);
    try {
      localStorage.setItem(KEY, [...closed].slice(-50).join(" "));
    } catch {}
    render();
  };

  document.addEventListener("visibilitychange", () => document.hidden || load());
  if (document.body) void load();
  else document.addEventListener("DOMContentLoaded", load);
})();
