import { createPass, holdWhole } from "../check-responses.ts";
import type { Dialect } from "../dialect.ts";
import { forwardedVisit } from "../forwarded-visit.ts";

/** The named location of nginx that has the application behind it. Not `@app`, which many sites have already. */
export const passLocation = "@lull_app";

/**
 * nginx without auth_request, where that is taken: the visit comes here first, and `X-Accel-Redirect` hands it on to the
 * application with its method and body. Anything else goes to the visitor.
 */
export const gateNginx: Dialect = {
  name: "gate/nginx",
  facesVisitors: true,
  read: (arrival, headers) => forwardedVisit(arrival, headers, "x-real-ip"),
  pass: createPass(200, { "X-Accel-Redirect": passLocation }),
  hold: (held) => holdWhole(held, 503),
};
