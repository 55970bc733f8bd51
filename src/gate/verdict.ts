import type { ExemptionKind } from "./exemption.ts";
import type { InstantMs, Period } from "./period.ts";
import type { Site } from "./site.ts";
import type { Standing } from "./standing.ts";

/** Why a visit passes. The names are API: they stand in metrics and in `explain`. */
export type OpenWhy = "no-period" | "readonly-safe-method" | `exempt-${ExemptionKind}` | Entry | "unknown-host";

/** As whom a visitor gets in where others do not. */
export type Entry = "bypass" | Standing;

/** Why a visit is held. The names are API: they stand in metrics and in `explain`. */
export type ClosedWhy = "period" | "unreadable-visit" | "unknown-host";

export interface OpenVerdict {
  readonly kind: "open";
  readonly why: OpenWhy;
  /** null: the host is nobody's, and `unknown_host` is `open`. */
  readonly site: Site | null;
  /** The value of the exemption that let the visit pass, when one did. */
  readonly exemption: string | null;
  /** The period that closes an open site next, when it is time to tell visitors of it; null: nothing is to be told. */
  readonly upcoming: Period | null;
}

export interface ClosedVerdict {
  readonly kind: "closed";
  readonly why: ClosedWhy;
  /** null: the host is nobody's or cannot be read. */
  readonly site: Site | null;
  /** Of the periods that hold this visit now, the one that ends last; null: `unknown_host` is `closed`. */
  readonly period: Period | null;
  /** All periods up to the expected opening, in order of their starts. */
  readonly chain: readonly Period[];
  /** null: unknown. */
  readonly opensAt: InstantMs | null;
}

export type Verdict = OpenVerdict | ClosedVerdict;
