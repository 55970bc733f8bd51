import { misfitOf } from "./probe-misfit.ts";
import { isOfTheMoment, type ProbeAnswer, type ProbeRequest } from "./probe-request.ts";

/** `fault`: why nothing is known, with the address before it. */
export type Finding =
  | { readonly kind: "is" }
  | { readonly kind: "is-not"; readonly status: number }
  | { readonly kind: "unknown"; readonly fault: string; readonly status: number | null };

export interface Answers extends Pick<ProbeRequest, "url" | "host"> {
  readonly own: ProbeAnswer;
  readonly nobodys: ProbeAnswer;
}

/**
 * What the answers to the visitor and to nobody say; `is`: if the one to cookies that are nobody's bears it out. An
 * application that answers 200 to everybody makes nobody staff, nor does one of which that is not known.
 */
export function findingOf({ url, host, own, nobodys }: Answers): Finding {
  if (own.kind === "silent") return unknown(url, own.why, null);
  const { status } = own;
  const misfit = misfitOf({ url, host, own, nobodys });
  if (misfit !== null) return unknown(url, misfit, status);
  if (isOfTheMoment(own)) return unknown(url, `answers ${status}`, status);
  if (status !== 200) return { kind: "is-not", status };
  return borneOut(url, nobodys, "when nobody is logged in", "also when nobody is logged in");
}

/** By the answer to the visitor's cookies with other values; null: they have none. */
export function borneOutByScrambled(url: string, scrambled: ProbeAnswer | null): Finding {
  if (scrambled === null) return unknown(url, "answers 200 to cookies whose values are empty", 200);
  return borneOut(url, scrambled, "when a cookie is nobody's", "to any cookie");
}

function borneOut(url: string, control: ProbeAnswer, when: string, whenOpen: string): Finding {
  if (control.kind === "silent") return unknown(url, `${control.why} ${when}`, 200);
  if (control.status === 200) return unknown(url, `answers 200 ${whenOpen}`, 200);
  return isOfTheMoment(control) ? unknown(url, `answers ${control.status} ${when}`, 200) : { kind: "is" };
}

/** Its query may be a key, so that it is not repeated. */
function unknown(url: string, why: string, status: number | null): Finding {
  const { origin, pathname } = new URL(url);
  return { kind: "unknown", fault: `${origin}${pathname} ${why}`, status };
}
