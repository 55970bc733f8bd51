// Tells visitors of maintenance before it begins: <script src="/.lull/notice.js" defer></script>
// Own words: data-text, data-text-open (no end is known), data-close; {when} {start} {end} {reason} {message}.
// And whom a closed site lets in that it is closed: data-text-closed; {as}: data-as-bypass, data-as-staff, data-as-network.
(() => {
  if (window.lullNotice) return;
  window.lullNotice = true;
  const POLL_MS = 180_000;
  const KEY = "lull-notice";
  const STAFF = ["asStaff", "as staff"];
  const ENTRIES = {
    bypass: ["asBypass", "by a bypass"],
    staff: STAFF,
    superuser: STAFF,
    "exempt-network": ["asNetwork", "by your network"],
  };
  const words = document.currentScript?.dataset ?? {};
  const closed = new Set();
  let plan = { periods: [] };
  let ahead = 0; // of the visitor's clock, ms
  let askedAt = 0;
  let timer;
  let shown;
  let banner;
  let visitor = {};
  let told;
  let entry;
  let isEntryClosed = false;

  try {
    for (const start of localStorage.getItem(KEY).split(" ")) closed.add(start);
  } catch {}

  const ask = async (name) => (await fetch(`/.lull/${name}.json`)).json();

  const load = async () => {
    askedAt = Date.now();
    try {
      const news = await ask("upcoming");
      if (news.periods) {
        plan = news;
        ahead = Date.parse(news.now) - Date.now();
      }
    } catch {}
    // Here alone: at the moment of closing all would ask at once.
    try {
      if (isClosed()) visitor = await ask("visit");
    } catch {}
    render();
  };

  const tick = () => (document.hidden || Math.abs(Date.now() - askedAt) < POLL_MS ? render() : load());

  const isClosed = (now = Date.now() + ahead) =>
    plan.periods.some(
      ({ mode, start, end }) => mode === "full" && Date.parse(start) <= now && !(Date.parse(end) <= now),
    );

  const render = () => {
    let wait = POLL_MS;
    try {
      const now = Date.now() + ahead;
      if (!isClosed(now)) visitor = {};
      const line = entryLine();
      const [next] = plan.periods.filter(({ start, end, expectedEnd }) => {
        const from = Date.parse(start) - now;
        const lead = from - plan.noticeLeadSeconds * 1000;
        const left = Date.parse(end) - now;
        for (const change of [lead, left, Date.parse(expectedEnd) - now]) if (change > 0) wait = Math.min(wait, change);
        // Beside the entry what runs would be told twice.
        return lead <= 0 && !(left <= 0) && !closed.has(start) && !(line && from <= 0);
      });
      show(next, now);
      showEntry(line);
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

    const close = () => {
      closed.add(period.start);
      try {
        localStorage.setItem(KEY, [...closed].slice(-50).join(" "));
      } catch {}
    };
    const lines = own ? [line] : [line, period.reason, period.message];
    banner = place(KEY, "background:#fff4ce;color:#222", lines, close);
  };

  const entryLine = () => {
    const [name, as] = ENTRIES[visitor.why] ?? [];
    const text = words.textClosed || "This site is closed for visitors. You are let in {as}.";
    return name && !isEntryClosed && text.replace(/\{as\}/g, () => words[name] || as);
  };

  const showEntry = (line) => {
    if (line === told && (!line || entry.isConnected)) return;
    entry?.remove();
    if (line) entry = place("lull-entry", "background:#223;color:#fff", [line], () => (isEntryClosed = true));
    told = line;
  };

  const place = (id, colours, lines, close) => {
    const bar = element("div", `display:flex;gap:1em;padding:.75em 1em;${colours}`);
    bar.id = id;
    const status = element("div", "flex:1;overflow-wrap:anywhere;white-space:pre-line");
    status.setAttribute("role", "status");
    const button = element("button", "align-self:start; font:inherit", words.close || "Close");
    button.type = "button";
    button.onclick = () => {
      close();
      render();
    };
    bar.append(status, button);
    document.body.prepend(bar);
    // Last, so that it is read out.
    for (const line of lines) if (line) status.append(element("div", "", line));
    return bar;
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
