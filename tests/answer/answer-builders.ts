import type { AnswerMeans } from "../../src/answer/answer.ts";
import type { Asked } from "../../src/answer/asked.ts";
import { readAsked } from "../../src/answer/asked.ts";
import type { Held } from "../../src/answer/held.ts";
import { english } from "../../src/answer/language.ts";

export const opensAt = Date.UTC(2026, 10, 20, 10);

/** A site that is closed for another hour, with some of it changed. */
export function heldVisit(change: Partial<Held> = {}): Held {
  return {
    site: { id: 1, domain: "shop.example", name: "Shop" },
    mode: "full",
    message: "New disks.",
    reason: "",
    start: opensAt - 7_200_000,
    end: opensAt,
    retryAfterSeconds: 3_600,
    path: "/cart",
    method: "GET",
    language: english,
    host: "shop.example",
    redirectUrl: "",
    origins: [],
    ...change,
  };
}

export function askedWith(headers: Readonly<Record<string, string>>, method = "GET"): Asked {
  return readAsked(new Headers(headers), method);
}

/** A page that shows only that it was asked for, and a clock of one zone. */
export function means(change: Partial<AnswerMeans> = {}): AnswerMeans {
  return {
    pages: {
      faults: [],
      domains: [],
      render: () => ({ html: "<p>page", contentSecurityPolicy: "default-src 'none'" }),
    },
    writeTime: (instant, { tag }) => `${new Date(instant).toISOString()} in ${tag}`,
    random: () => 0,
    mayBeSuccess: true,
    ...change,
  };
}
