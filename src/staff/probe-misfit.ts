import type { ProbeAnswer, ProbeRequest } from "./probe-request.ts";

type Answered = Extract<ProbeAnswer, { readonly kind: "answered" }>;

/** The question, the answer to the visitor, and that to the same question without a cookie. */
export interface Probed extends Pick<ProbeRequest, "url" | "host"> {
  readonly own: Answered;
  readonly nobodys: ProbeAnswer;
}

/**
 * Why an answer speaks of how the probe is set up and not of the visitor, with what to do; null: it speaks of the
 * visitor. Goes on behind the address. Nothing of where it redirects to is repeated but the host, and no query: the
 * rest may be secret.
 */
export function misfitOf({ url, host, own, nobodys }: Probed): string | null {
  const says = (what: string) => `answers ${own.status}: ${what}`;
  switch (own.status) {
    case 400:
      if (isAnswered(nobodys, 400)) return says(`Django does so when ALLOWED_HOSTS lacks ${host}`);
      return says("it does so to this visitor's cookies alone");
    case 404:
    case 410:
      // To whom may not know of the page; that it is there is seen by how nobody is turned away.
      return turnsAway({ url, host }, nobodys) ? null : says("is the path right?");
    case 405:
      return says("it must be a page that GET opens");
    case 414:
      return says("write a shorter address");
    case 421:
      return says(`it does not answer for ${host}`);
    case 431:
      return says("the visitor's cookies are more than it takes; raise its limit for headers");
    default:
      return strayOf({ url, host }, own);
  }
}

/** Of redirects: where they lead is not a login. */
function strayOf({ url, host }: Pick<Probed, "url" | "host">, { status, location }: Answered): string | null {
  const isForGood = status === 301 || status === 308;
  if (!isForGood && status !== 302 && status !== 303 && status !== 307) return null;
  const from = new URL(url);
  const to = location === null ? null : URL.parse(location, `${from.protocol}//${host}${from.pathname}`);
  if (to === null) return isForGood ? `answers ${status}, and does not say where to` : null;
  const isHere = to.hostname === host || to.hostname === from.hostname;
  if (isForGood || isHere) {
    if (withoutSlash(to) === withoutSlash(from) && to.pathname !== from.pathname)
      return `redirects to ${from.origin}${to.pathname} : write that${from.search === "" ? "" : ", and the query behind it"}`;
    // A query of its own makes it another page: `/?login`.
    const isSame = to.pathname === from.pathname && (to.search === "" || to.search === from.search);
    if (isSame && to.protocol !== from.protocol) return `redirects to ${otherScheme(to.protocol)}`;
    if (isSame && !isHere) return `redirects from ${host} to ${to.hostname}: is it the site of that host?`;
  }
  if (!isForGood || loginLike.test(to.pathname)) return null;
  return `redirects for good (${status}): write the address where staff end up`;
}

const loginLike = /log[-_]?[io]n|sign[-_]?in|\/(?:sso|auth)(?:\/|$)/i;

function otherScheme(protocol: string): string {
  if (protocol !== "https:") return `${protocol.slice(0, -1)}: write the address so`;
  return 'https: set staff_probe_headers = ["X-Forwarded-Proto: https"], which it must heed (Django: SECURE_PROXY_SSL_HEADER)';
}

function withoutSlash({ pathname }: URL): string {
  return pathname.endsWith("/") ? pathname.slice(0, -1) : pathname;
}

function isAnswered(answer: ProbeAnswer, status: number): boolean {
  return answer.kind === "answered" && answer.status === status;
}

/** As one whom the application does not know, and not as from a page that is not there. */
function turnsAway(asked: Pick<Probed, "url" | "host">, answer: ProbeAnswer): boolean {
  if (answer.kind === "silent") return false;
  const { status } = answer;
  return status === 401 || status === 403 || (status >= 300 && status < 400 && strayOf(asked, answer) === null);
}
