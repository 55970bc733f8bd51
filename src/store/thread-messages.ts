import type { Bypass } from "../gate/bypass.ts";
import type { InstantMs } from "../gate/period.ts";
import type { SiteRecord } from "../gate/snapshot.ts";
import type { Standing } from "../gate/standing.ts";
import type { MirrorState } from "./acknowledgement.ts";
import type { RedeemOutcome, Redemption } from "./bypasses.ts";
import type { ClockReading } from "./clock-steps.ts";
import type { Sidecar } from "./sidecars.ts";
import type { Records } from "./snapshot.ts";
import type { WriteClaim } from "./write-claim.ts";

/** How a sidecar presents itself in the database. */
export type SidecarIdentity = Omit<Sidecar, "seenAt" | "revision" | "rollCall">;

/** What the database thread follows, and for whom. */
export interface FollowRequest {
  readonly url: string;
  readonly groupId: number | null;
  readonly identity: SidecarIdentity;
  /** The database whose snapshot is in place: no other may follow it. null: none yet, and one that is missing is made. */
  readonly databaseId: string | null;
}

/** What of a revision belongs to no single site, and is whole each time. */
export type RestOfRecords = Pick<Records, "everywhere" | "bypasses" | "bypassKeys">;

/** `ticket`: by which the result is known. */
export interface WriteRequest<Wanted> {
  readonly ticket: number;
  readonly claim: WriteClaim;
  readonly wanted: Wanted;
}

/** `fault`: why nothing was done, in one line. */
export type WriteResult<Outcome> = { readonly ticket: number } & (
  | { readonly kind: "done"; readonly outcome: Outcome }
  | { readonly kind: "not-done"; readonly fault: string }
);

/** From the serving thread to the database thread. */
export type ToDatabase =
  | { readonly kind: "open"; readonly request: FollowRequest }
  /** A chunk of sites has been taken in, or the roll call heard: go on. */
  | { readonly kind: "taken" }
  /** The snapshot of this revision answers checks from now on. */
  | { readonly kind: "placed"; readonly revision: number }
  /** Told before `placed` where the mirror does not hold that snapshot yet, and when it does. Never where there is none. */
  | { readonly kind: "mirror"; readonly state: MirrorState }
  /** Register: the listeners are open, or are about to take those of another sidecar over. */
  | { readonly kind: "announce" }
  | { readonly kind: "redeem"; readonly request: WriteRequest<Redemption> }
  | { readonly kind: "admit-staff"; readonly request: WriteRequest<Standing> }
  | { readonly kind: "stop" };

/** From the database thread to the serving thread. */
export type FromDatabase =
  /** The next snapshot begins: from nothing (`fresh`), or from the last one without the sites that are gone. */
  | {
      readonly kind: "begin";
      readonly fresh: boolean;
      readonly removed: readonly number[];
      /** Of sites that did not change only this is told: when the rows were read, and the leases as they were then. */
      readonly leaseEnds: ReadonlyMap<number, InstantMs>;
      readonly read: ClockReading;
    }
  /** Some of its sites, all of them new or changed. */
  | { readonly kind: "sites"; readonly sites: readonly SiteRecord[] }
  /** The rest of it: the snapshot is whole. */
  | {
      readonly kind: "seal";
      readonly databaseId: string;
      readonly revision: number;
      readonly rest: RestOfRecords;
    }
  /** Some leases were renewed; in effect from the next `confirmed` on. */
  | { readonly kind: "leases"; readonly ends: ReadonlyMap<number, InstantMs> }
  /** A command asks whether this sidecar lives: the serving thread must say so itself. */
  | { readonly kind: "roll-call" }
  | { readonly kind: "redemption"; readonly result: WriteResult<RedeemOutcome> }
  | { readonly kind: "staff-admitted"; readonly result: WriteResult<Bypass> }
  /** The sidecar is on the list. */
  | { readonly kind: "registered" }
  /** The database was seen to hold no newer revision then. */
  | { readonly kind: "confirmed"; readonly read: ClockReading }
  /** Something new stands between the sidecar and its database; the last snapshot keeps answering. */
  | { readonly kind: "fault"; readonly message: string; readonly passing: boolean }
  /** Nothing of what was told stands between them any more. */
  | { readonly kind: "recovered" }
  | { readonly kind: "stopped" };
