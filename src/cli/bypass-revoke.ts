import { revokeBypass, revokeBypasses } from "../actions/bypasses.ts";
import type { Bypass } from "../gate/bypass.ts";
import { LullError } from "../gate/error.ts";
import { auditedBypass } from "../store/bypasses.ts";
import type { ChangeContext } from "../store/change.ts";
import type { Given } from "./arguments.ts";
import type { Act } from "./changing.ts";
import { chosenSites } from "./chosen-sites.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, repeatable, waitArgs } from "./common-args.ts";
import { describeBypass } from "./describe-bypass.ts";
import { numberWord } from "./number-word.ts";
import type { Shell } from "./shell.ts";

export function bypassRevoke(shell: Shell): Command {
  return {
    args: {
      number: {
        type: "positional",
        required: false,
        valueHint: "NUMBER",
        description: 'the number that "bypass list" shows',
      },
      all: { type: "boolean", description: "every one, instead of NUMBER" },
      site: {
        type: "string",
        valueHint: `SITE${repeatable}`,
        description: "with --all: only those on these very sites; may be repeated",
      },
      ...auditArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const isAll = given.flag("all");
  if (isAll === given.words.length > 0)
    throw new LullError("usage", 'give the NUMBER that "lull bypass list" shows, or --all');
  if (!isAll && given.list("site").length > 0)
    throw new LullError("usage", "--site belongs to --all; a NUMBER means one bypass, wherever it is");
  return closing<readonly Bypass[]>({ shell, given }, (context) => ({
    act: isAll ? revokesAll(given, context) : revokesOne(numberWord(given, "a bypass"), context),
    // Who is let in by it must not be any more.
    intent: () => "close",
    tell: ({ result }) => ({
      lines: result.map((bypass) => `${describeBypass(bypass)} ${context.dryRun ? "would be revoked" : "revoked"}`),
      words: wordsOn(result, context),
      data: { bypasses: result.map(auditedBypass) },
    }),
  }));
}

function revokesOne(number: number, context: ChangeContext): Act<readonly Bypass[]> {
  return async (database) => {
    const done = await revokeBypass(database, context, number);
    return { ...done, result: [done.result] };
  };
}

function revokesAll(given: Given, context: ChangeContext): Act<readonly Bypass[]> {
  return async (database) => revokeBypasses(database, context, await chosenSites(given, database));
}

function wordsOn(revoked: readonly Bypass[], { dryRun }: ChangeContext): readonly string[] {
  if (revoked.length === 0) return ["there was nothing to revoke"];
  const standings = new Set(revoked.map(({ standing }) => standing).filter((standing) => standing !== null));
  if (standings.size === 0) return [];
  const probes = [...standings].map((standing) => `the ${standing} probe`).join(" and ");
  return [
    `everybody whom ${probes} let in ${dryRun ? "would be" : "is"} out, on all sites`,
    "whoever the application still holds for staff can come back by /.lull/staff: log them out there",
  ];
}
