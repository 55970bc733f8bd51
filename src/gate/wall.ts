import { LullError } from "./error.ts";

/**
 * A wall time as the milliseconds that it would be in UTC. Rules are expanded on these, where no clock ever changes;
 * only then does a zone say which instants they are.
 */
export type WallMs = number;

/** Both ends belong to it. */
export interface WallSpan {
  readonly from: WallMs;
  readonly to: WallMs;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}:\d{2}$/;
const MIDNIGHT = "00:00:00";
const THE_DAY = "1970-01-01";

/** The start of a day written `2026-11-20`. Throws LullError `usage`. */
export function parseDay(text: string): WallMs {
  if (DATE.test(text)) return parseWall(`${text}T${MIDNIGHT}`);
  throw new LullError("usage", `${JSON.stringify(text)} is not a day: write it like 2026-11-20`);
}

/** Milliseconds since midnight of a time of day written `02:00:00`. Throws LullError `usage`. */
export function parseTimeOfDay(text: string): number {
  if (TIME.test(text)) return parseWall(`${THE_DAY}T${text}`);
  throw new LullError("usage", `${JSON.stringify(text)} is not a time of day: write it like 02:00:00`);
}

/** Reads `2026-11-22T02:00:00`. Throws LullError `usage`. */
export function parseWall(text: string): WallMs {
  const wall = Date.parse(`${text}Z`);
  // Date.parse takes the 31st of February for the 3rd of March.
  if (!Number.isNaN(wall) && formatWall(wall) === text) return wall;
  throw new LullError("usage", `${JSON.stringify(text)} is not a time that exists: write it like 2026-11-22T02:00:00`);
}

/** `2026-11-22T02:00:00`: to the second. */
export function formatWall(wall: WallMs): string {
  return new Date(wall).toISOString().slice(0, 19);
}

/** Midnight at which the day of a wall time begins. */
export function dayOf(wall: WallMs): WallMs {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}
