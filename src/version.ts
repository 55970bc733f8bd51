import packageFile from "../package.json" with { type: "json" };

/** Written into the executable by src/build.ts. */
declare const LULL_COMMIT: string | null | undefined;

export const version: string = packageFile.version;

/** The commit that this was built from, `-dirty` when changed since; null when run from source or built without git. */
export const commit: string | null = typeof LULL_COMMIT === "undefined" ? null : (LULL_COMMIT ?? null);
