/** Asks an address as staff, in an environment of its own: `bun probe-process.ts <url>`. Prints the outcome. */
import { createStaffProbe } from "../../src/staff/probe.ts";

if (import.meta.main) {
  const probe = createStaffProbe({ staffUrl: process.argv[2] ?? "", superuserUrl: "", headers: [] }, Date.now);
  const outcome = await probe.ask({ host: "one.test", cookie: "who=staff", address: "192.0.2.1" });
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
