// Makes the page live: the visitor's own time zone, a countdown, and a quiet look whether the site is back.
(() => {
  // After the opening, until every page has looked and said that it takes longer.
  const GRACE_MS = 20000;
  const find = (id) => document.getElementById(id) || {};
  const now = () => performance.now();
  const { mode, seconds, sent } = find("page").dataset;
  const isSent = sent !== undefined;
  const time = find("time");
  // By what the server counted, because the visitor's clock may be wrong. Without an end it stays what it is.
  let left = seconds * 1000;
  let opensAt = time.dateTime ? now() + left : 0;
  let askedAt = 0;
  let asking = false;
  let timer;
  // Seconds; longer after a reload, so that no answer can make the page reload again and again.
  let pause = performance.getEntriesByType("navigation")[0]?.type === "reload" ? 45 : 15;

  // Some browsers name what is no language.
  const localesOf = (own, lang) => {
    try {
      return Intl.getCanonicalLocales([own, lang]);
    } catch {
      return lang;
    }
  };

  const local = () => {
    const { lang } = document.documentElement;
    // As the visitor's region writes it, in the page's language.
    const own = navigator.languages.find((tag) => tag.split("-")[0] === lang);
    const locales = localesOf(own, lang);
    const date = { day: "numeric", month: "long", year: "numeric" };
    const clock = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
    const text = new Intl.DateTimeFormat(locales, { ...date, ...clock }).format(new Date(time.dateTime));
    const whole = new Intl.NumberFormat(locales, { useGrouping: false });
    const two = new Intl.NumberFormat(locales, { minimumIntegerDigits: 2 });
    const days = new Intl.NumberFormat(locales, { style: "unit", unit: "day", unitDisplay: "long" });
    const count = () => {
      const rest = Math.max(0, Math.ceil((opensAt - now()) / 1000));
      const [day, hour, minute] = [Math.floor(rest / 86400), Math.floor(rest / 3600) % 24, Math.floor(rest / 60) % 60];
      find("days").textContent = day ? days.format(day) : "";
      const parts = [two.format(minute), two.format(rest % 60)];
      if (day || hour) parts.unshift(day ? two.format(hour) : whole.format(hour));
      find("clock").textContent = parts.join(":");
      const isLate = now() - opensAt > GRACE_MS;
      find("left").hidden = isLate;
      find("expected").hidden = isLate;
      find("overdue").hidden = !isLate;
      setTimeout(count, (rest && (opensAt - now()) % 1000) || 1000);
    };
    // No line ends within the day, unless that is longer than a line, nor between the clock and its zone.
    const [beforeClock] = text.split(/\p{Nd}+[:.]\p{Nd}/u, 1);
    const day = find("day");
    day.textContent = /^.*\p{Nd}(?:[.,\p{Lo}]|\s\p{L}\.)?/u.exec(beforeClock)?.[0] ?? "";
    time.replaceChildren(day, text.slice(day.textContent.length).replace(/(\p{Nd}{2})\s(?=[^(])/gu, "$1\u00a0"));
    count();
  };

  const fetchQuietly = (address, options) =>
    fetch(address, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(10000), ...options });

  // /.lull/up knows, but where the proxy does not pass it on anything may answer: this very address has the last word.
  const isBack = async () => {
    if (isSent && mode === "readonly") {
      // Reading passes all the time.
      const plan = await (await fetchQuietly("/.lull/upcoming.json")).json();
      return !plan.periods.some(({ running }) => running);
    }
    const up = await fetchQuietly("/.lull/up", { credentials: "omit" });
    if (up.status === 503) return compare(up);
    // An address that is good for once is not asked for where /.lull/up itself says that the site is open.
    const isKnown = up.headers.get("X-Lull") === "open" && mode !== "readonly";
    const address = isKnown ? "/" : location.origin + location.pathname + location.search;
    const head = await fetchQuietly(address, { method: "HEAD" });
    if (head.status === 503) return compare(head);
    // The site may be open while nothing stands behind its proxy yet.
    return head.status !== 502 && head.status !== 504;
  };

  // Still closed: until when? Answers that are not of /.lull/up say up to a minute more.
  const compare = ({ headers }) => {
    const told = headers.get("Retry-After") * 1000;
    if (opensAt) left = Math.max(0, opensAt - now());
    const moved = Math.abs(told - left);
    if (told > 0 && moved > 90000 && moved > left * 0.15) {
      if (!isSent) {
        if (now() > 60000) location.reload();
      } else if (opensAt) opensAt = now() + (told > left ? -GRACE_MS - 1 : told);
    }
  };

  const look = async () => {
    if (document.hidden || asking) return;
    if (now() - askedAt > 5000) {
      asking = true;
      askedAt = now();
      try {
        if (await isBack()) return comeBack();
      } catch {}
      asking = false;
    }
    plan();
  };

  const plan = () => {
    let wait = (pause + Math.random() * 15) * 1000;
    pause = Math.min(pause * 1.3, 45);
    const opening = opensAt - now();
    if (opening > 0) wait = Math.min(wait, opening + Math.random() * 10000);
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  };

  const comeBack = () => {
    if (!isSent) return location.reload();
    find("page").className = "is-back";
    document.title = find("back").dataset.text;
    find("back").textContent = document.title;
  };

  try {
    if (time.dateTime) local();
  } catch {}
  // Staff go on from here.
  const way = document.querySelector('a[href="/.lull/staff"]');
  if (way && !isSent && location.pathname !== "/") way.search = `?to=${encodeURIComponent(location.pathname)}`;
  find("returns").hidden = false;
  document.addEventListener("visibilitychange", look);
  plan();
})();
