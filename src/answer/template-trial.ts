import type { Held } from "./held.ts";
import { english } from "./language.ts";
import { type ContextMeans, type PageContext, pageContext } from "./page-context.ts";

/** Milliseconds. It is rendered on the thread that answers checks, and 32 visitors may ask for it at once. */
const longestRenderMs = 10;
const timedRounds = 5;

/** Why a template would not do, in one line; null: it holds. Throws what the template throws. */
export function templateTrial(render: (context: PageContext) => unknown, means: ContextMeans): string | null {
  const contexts = samples.map((sample) => pageContext(sample, means));
  const pages = contexts.map((context) => render(context));
  // Code is slow when it is new.
  const times = contexts.map((context) => Math.min(...Array.from({ length: timedRounds }, () => timeOf(context))));
  const slowest = Math.max(...times);
  if (slowest <= longestRenderMs) return emptiness(pages);
  return `rendering it takes ${Math.ceil(slowest)} ms, while checks wait: ${longestRenderMs} ms at the most`;

  function timeOf(context: PageContext): number {
    const started = performance.now();
    render(context);
    return performance.now() - started;
  }
}

function emptiness(pages: readonly unknown[]): string | null {
  const empty = pages.filter((page) => String(page).trim() === "").length;
  if (empty === 0) return null;
  return empty === pages.length ? "it is empty" : `it is empty for some visitors: ${whenEmpty}`;
}

const whenEmpty = "it must say something when the end or the site is unknown, when there is no message, and to a form";

const sample: Held = {
  site: { id: 1, domain: "example.com", name: "Example" },
  mode: "full",
  message: "Back soon",
  reason: "New disks",
  start: 0,
  end: 3_600_000,
  retryAfterSeconds: 3_600,
  path: "/",
  method: "GET",
  language: english,
  host: "example.com",
  redirectUrl: "",
  origins: [],
};

/** A template must hold with and without what may be unknown. */
const samples: readonly Held[] = [
  sample,
  { ...sample, mode: "readonly", method: "POST", end: null },
  { ...sample, site: null, message: "", reason: "", start: null, end: null, path: "", method: "", host: null },
];
