import type { OpenVerdict, OpenWhy } from "../gate/verdict.ts";

/** As whom somebody passes where others are held: who they are, or where they come from; null: others pass, too. */
export function entryIn({ why }: OpenVerdict): OpenWhy | null {
  switch (why) {
    case "bypass":
    case "staff":
    case "superuser":
    case "exempt-network":
      return why;
    case "no-period":
    case "readonly-safe-method":
    case "exempt-exact":
    case "exempt-path":
    case "exempt-pattern":
    case "unknown-host":
      return null;
  }
}
