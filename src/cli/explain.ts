import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { requireSite } from "../actions/find-sites.ts";
import { retryAfterSeconds } from "../answer/retry-after.ts";
import { noCredentials } from "../gate/bypass.ts";
import { decide } from "../gate/decide.ts";
import { LullError } from "../gate/error.ts";
import { knownSiteState, withKnownLease } from "../gate/known-lease.ts";
import { asByteString } from "../gate/path.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import type { Verdict } from "../gate/verdict.ts";
import { readVisit } from "../gate/visit.ts";
import { formatInstant, parseInstant } from "../time/instant.ts";
import { type AddressSource, addressSourceOf } from "./address-source.ts";
import type { Given } from "./arguments.ts";
import { choiceOf } from "./choice.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { decidingExemption } from "./deciding-exemption.ts";
import { describeDeciding, describeStanding, settingOf } from "./describe-rule.ts";
import { describeVerdict, type Explained } from "./describe-verdict.ts";
import { exitCode } from "./exit-code.ts";
import { faultWords } from "./fault-words.ts";
import { readonlyDecisionOf } from "./readonly-decision.ts";
import { refuseBoth } from "./refuse-both.ts";
import { deliver, outputOf } from "./report.ts";
import { reading, snapshotOf } from "./session.ts";
import type { Shell } from "./shell.ts";
import { describeToken, shownToken } from "./shown-token.ts";
import { nobodyIs, staffWays } from "./staff-ways.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

export function explain(shell: Shell): Command {
  return {
    args: {
      host: { type: "string", valueHint: "HOST", description: "the host that the visitor asked for" },
      site: {
        type: "string",
        valueHint: "SITE",
        description: "the site that the proxy names; wins over --host (default: the setting default_site)",
      },
      uri: { type: "string", valueHint: "RAW", description: "the request target as it was sent, query and all (/)" },
      "uri-file": {
        type: "string",
        valueHint: "FILE",
        description: "the same from a file, or from standard input (-), byte by byte; a newline at its end is left out",
      },
      ip: { type: "string", valueHint: "ADDRESS", description: "the visitor's address (default: unknown)" },
      peer: {
        type: "string",
        valueHint: "ADDRESS|unix",
        description: "in place of --ip: who asks the sidecar, an address or a unix socket (unix)",
      },
      forwarded: {
        type: "string",
        valueHint: "TEXT",
        description: "what it sends in the header of the setting client_address_header (default: it sends none)",
      },
      as: {
        type: "string",
        valueHint: "staff|superuser",
        description: "who the visitor proves to be (default: nobody)",
      },
      "token-file": {
        type: "string",
        valueHint: "FILE",
        description: "in place of --as: a file with the JSON Web Token that the visitor shows, or standard input (-)",
      },
      method: { type: "string", valueHint: "METHOD", description: "the request's method (GET)" },
      at: { type: "string", valueHint: "TIME", description: "the instant of the visit (now)" },
      ...zoneArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

async function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const clock = clockOf(given, config, shell.now());
  const at = given.text("at");
  const instant = at === undefined ? clock.now : parseInstant(at, clock);
  const target = await targetOf(shell, given);
  const host = given.text("host");
  const source = addressSourceOf(given, config);
  const token = await shownToken(shell, given, { settings: config.staff.tokens, now: instant });
  const standing = choiceOf(given, "as", ["staff", "superuser"]) ?? token?.standing ?? null;
  return reading(config, async (database) => {
    const { snapshot, faults } = await snapshotOf(database, config, { now: clock.now, at: instant });
    const raw = {
      site: siteOf(snapshot, given, config.defaultSite),
      host: host === undefined ? null : asByteString(host),
      target,
      method: given.text("method") ?? "GET",
      peer: source.peer,
      addressHeader: source.sent,
      // Secrets do not belong on a command line.
      credentials: noCredentials,
    };
    const visit = { ...readVisit(raw, source.trust), proven: standing };
    const verdict = withLeases(snapshot, decide(snapshot, visit, instant));
    const state = verdict.site === null ? null : knownSiteState(snapshot, verdict.site.id, instant);
    const readonlyDecision = readonlyDecisionOf(snapshot, { verdict, visit, now: instant });
    const exemption = decidingExemption(snapshot, { verdict, visit, now: instant });
    const explained: Explained = {
      verdict,
      visit,
      source,
      rule: exemption === null ? null : describeDeciding(exemption, config, clock.timezone),
      standing: standing === null ? null : describeStanding(standing, verdict, config),
      nobody: standing === null ? null : nobodyIs(standing, config.staff),
      state,
      readonlyDecision,
    };
    const unusable = faultWords(faults, verdict.site === null ? null : [verdict.site]);
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: [
        ...describeVerdict(explained, clock.timezone),
        ...(token === null ? [] : [`token: ${describeToken(token)}`]),
        ...(at === undefined ? [] : [`at: ${formatInstant(instant, clock.timezone)}`]),
      ],
      words: [`database ${database.path}, revision ${snapshot.revision}`, ...unusable],
      data: {
        database: database.path,
        revision: snapshot.revision,
        ...explanation(explained, { now: instant, fallbackSeconds: config.retryAfterSeconds }),
        address: addressMember(source),
        as: standing,
        token,
        asBy: standing === null ? null : staffWays(config.staff)[standing],
        rule: exemption === null ? null : { ...exemption, setting: settingOf(exemption) },
        faults: unusable,
      },
    });
  });
}

/** A byte string: one character is one byte, as request targets are read everywhere. */
async function targetOf(shell: Shell, given: Given): Promise<string> {
  const text = given.text("uri");
  const file = given.text("uri-file");
  refuseBoth(given, "uri", "uri-file");
  if (file === undefined) return asByteString(text ?? "/");
  const bytes = file === "-" ? await shell.readInput() : await readBytes(resolve(shell.machine.workingFolder, file));
  // The end of a text file's line is no part of what it holds.
  return Buffer.from(bytes)
    .toString("latin1")
    .replace(/\r?\n$/, "");
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch {
    throw new LullError("usage", `--uri-file "${file}" cannot be read; name a file, or - for standard input`);
  }
}

function siteOf(snapshot: Snapshot, given: Given, defaultSite: number): string | null {
  const name = given.text("site");
  const sites = [...snapshot.sites.values()].map((rules) => rules.site);
  if (name !== undefined) return String(requireSite(sites, name).id);
  return given.text("host") === undefined ? String(defaultSite) : null;
}

/** People ask until when, also while nobody may let a lease run out yet. */
function withLeases(snapshot: Snapshot, verdict: Verdict): Verdict {
  if (verdict.kind === "open") return verdict;
  const { period, chain } = verdict;
  return {
    ...verdict,
    period: period === null ? null : withKnownLease(snapshot, period),
    chain: chain.map((each) => withKnownLease(snapshot, each)),
  };
}

function explanation(
  { verdict, visit, state, readonlyDecision }: Explained,
  basis: { readonly now: InstantMs; readonly fallbackSeconds: number },
) {
  const closed = verdict.kind === "closed" ? verdict : null;
  return {
    verdict: verdict.kind,
    why: verdict.why,
    site: verdict.site === null ? null : { id: verdict.site.id, domain: verdict.site.domain },
    method: visit.method === "" ? null : visit.method,
    path: visit.path,
    client: visit.client.address,
    exemption: verdict.kind === "open" ? verdict.exemption : null,
    readonly: readonlyDecision,
    period: closed?.period ?? null,
    retryAfterSeconds: closed === null ? null : retryAfterSeconds({ opensAt: closed.opensAt, ...basis }),
    chain: closed?.chain ?? [],
    running: state?.periods ?? [],
    next: state?.next ?? null,
  };
}

/** null: the address was given as the visitor's own, or not at all. */
function addressMember({ client, header, peer, hops, hopCount }: AddressSource) {
  if (header === null) return null;
  const { known, isPeerTrusted } = client;
  return { known, peer: peer.kind === "unix" ? "unix" : peer.address, isPeerTrusted, header, hops, hopCount };
}
