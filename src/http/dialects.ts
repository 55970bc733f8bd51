import type { Dialect } from "./dialect.ts";
import { nginx } from "./dialects/nginx.ts";

/** Each check has a path of its own: the visitor's never gets here. */
export const dialects: ReadonlyMap<string, Dialect> = new Map([["/check/nginx", nginx]]);
