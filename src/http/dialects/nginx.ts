import { createPass, holdEmpty } from "../check-responses.ts";
import type { Dialect } from "../dialect.ts";
import { forwardedVisit } from "../forwarded-visit.ts";

/**
 * nginx's auth_request: 2xx passes, 403 holds, anything else makes nginx answer 500.
 * Bodies are empty, because nginx does not read them and would have to give the connection up.
 */
export const nginx: Dialect = {
  name: "nginx",
  facesVisitors: false,
  read: (arrival, headers) => forwardedVisit(arrival, headers, "x-real-ip"),
  pass: createPass(204),
  hold: holdEmpty,
};
