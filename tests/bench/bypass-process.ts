/** Prints the processor time of a verdict on a closed site: without a cookie, with that of a bypass, and with forged ones. */
import {
  type Bypass,
  compileBypasses,
  hashOfToken,
  insecureCookieName,
  sealBypass,
  secureCookieName,
} from "../../src/gate/bypass.ts";
import { decide } from "../../src/gate/decide.ts";
import { hour, now, shows, visit } from "../gate/builders.ts";
import { closedSites, hostOf, pathOf, tenExemptions } from "./closed-sites.ts";
import { printFigures } from "./figures.ts";
import { inTurn, median } from "./statistics.ts";
import { callsSeen, processorMicrosecondsEach } from "./timing.ts";

const rounds = 60;
const callsInRound = 4_000;
const forgedCookies = 100;
/** Of one name that are looked at (src/gate/cookie-values.ts). */
const lookedAt = 2;

function bypassOf(id: number): Bypass {
  const plain = { siteId: 1, label: "QA", path: "/", isSingleUse: false, redeemed: now, standing: null };
  return { ...plain, id, mayBeInsecure: id === 42, expires: now + hour, tokenHash: hashOfToken(`token ${id}`) };
}

if (import.meta.main) {
  const all = Array.from({ length: 100 }, (_, index) => bypassOf(index + 1));
  const book = compileBypasses("bench", all, [{ id: 1, secret: Buffer.alloc(32, 7).toString("base64url") }]);
  const snapshot = { ...closedSites(1, tenExemptions), bypasses: book };
  const value = sealBypass(book, bypassOf(42), { siteId: 1, host: null, expires: now + hour }) ?? "";
  const forged = `${value.slice(0, -4)}AAAA`;
  const unknown = forged.replace(".42.", ".4242.");
  const header = (name: string, of: string, count: number) => `${name}=${of}; `.repeat(count);
  const cookies: Readonly<Record<string, string | null>> = {
    without: null,
    valid: header(secureCookieName, value, 1),
    forged: header(secureCookieName, forged, forgedCookies),
    forgedOfBoth:
      header(secureCookieName, unknown, lookedAt) +
      header(insecureCookieName, unknown, lookedAt - 1) +
      header(insecureCookieName, forged, forgedCookies - 2 * lookedAt + 1),
    unknown: header(secureCookieName, unknown, forgedCookies),
  };
  const host = hostOf(1);
  const visits = new Map(
    Object.entries(cookies).map(([name, cookie]) => [
      name,
      Array.from({ length: 512 }, (_, index) => visit({ host, target: pathOf(index), credentials: shows({ cookie }) })),
    ]),
  );
  const plain = visit({ host });
  const verdicts = (name: string) => {
    const asked = visits.get(name) ?? [];
    return (index: number) => decide(snapshot, asked[index % asked.length] ?? plain, now);
  };
  for (const name of visits.keys()) {
    const { why } = verdicts(name)(0);
    if (why !== (name === "valid" ? "bypass" : "period")) throw new Error(`the verdict of ${name} is ${why}`);
    processorMicrosecondsEach(50_000, verdicts(name));
  }
  const measured = await inTurn([...visits.keys()], rounds, (name) =>
    processorMicrosecondsEach(callsInRound, verdicts(name)),
  );
  printFigures({
    ...Object.fromEntries([...visits.keys()].map((name) => [name, median(measured(name))])),
    calls: callsSeen(),
  });
}
