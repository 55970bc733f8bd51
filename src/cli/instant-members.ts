/** The names of members that hold instants, in rows and in what `--json` prints; a number there is milliseconds. */
export const instantMembers: ReadonlySet<string> = new Set([
  ...["at", "start", "end", "expectedEnd", "leaseEnd", "expires", "redeemed", "opensAt", "startedAt", "seenAt"],
]);
