import { configurationExemptions } from "../config/exemptions.ts";
import type { Config } from "../config/keys.ts";
import { databasePath } from "../store/database.ts";
import { version } from "../version.ts";
import { describePassing } from "./passing.ts";

/** A sidecar that has just started. */
export interface Announced {
  readonly config: Config;
  readonly source: "database" | "closed";
  readonly addresses: readonly string[];
  /** How commands are called that find the same database: the program, and its options. */
  readonly program: string;
  readonly options: string;
  readonly processId: number;
}

/** What `serve` says when it listens: five lines. */
export function announcement(announced: Announced): readonly string[] {
  const listens = `lull ${version} listens on ${announced.addresses.join(" and ")}`;
  const nginx = 'put nginx in front:  the two files in README.md under "Put nginx in front"';
  const { config, program, options, processId } = announced;
  switch (announced.source) {
    case "database":
      return [
        listens,
        `database: ${databasePath(config.database)}`,
        `close the site:  ${program} setmaintenance on${options}`,
        `open the site:   ${program} setmaintenance off${options}    (${program} status${options} shows how it stands)`,
        nginx,
      ];
    case "closed":
      return [
        listens,
        "every site is closed until this process ends; there is no database, so other commands change nothing here",
        describePassing(configurationExemptions(config), new Map()),
        `open the sites:  stop this process (kill ${processId}), and start ${program} serve${options} without --closed`,
        nginx,
      ];
  }
}
