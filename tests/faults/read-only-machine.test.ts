/** The binary in namespaces of its own: no network but loopback, and nothing that can be written but one small folder. */
import { afterAll, expect, test } from "bun:test";
import { binaryPath } from "../support/binary.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Everything read-only, then a tmpfs over the test's folder; lasts as long as the shell. */
const isolate = `
  mount --make-rprivate / && mount -o bind / / && mount -o remount,bind,ro / || exit 99
  mount -t tmpfs tmpfs ${folder.path} || exit 99
  ip link set lo up
  cd /
`;
const environment = {
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/nonexistent",
  TMPDIR: folder.path,
  LULL_DATABASE: `file:${folder.file("data/lull.db")}`,
  LULL_LISTEN: "127.0.0.1:8503",
};

async function inIsolation(script: string): Promise<{ readonly code: number; readonly output: string }> {
  const child = Bun.spawn(["unshare", "--mount", "--net", "sh", "-c", `${isolate}${script}`], {
    env: environment,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, output: output + errors };
}

const permitted = (await inIsolation("true")).code === 0;
if (!permitted)
  console.log("skipped: this user may not make namespaces, so nothing can be made read-only (run as root)");

test.skipIf(!permitted)("it closes and opens a site on a read-only machine without a network", async () => {
  const lull = await binaryPath();
  const visit =
    "-H 'X-Forwarded-Host: a.example' -H 'X-Forwarded-Uri: /' -H 'X-Forwarded-Method: GET' -H 'X-Real-IP: 192.0.2.7'";
  const check = `curl -s -o /dev/null -w '%{http_code}\\n' ${visit} http://127.0.0.1:8503/check/nginx`;
  const { code, output } = await inIsolation(`
    touch /tmp/x-lull 2>/dev/null && echo "the machine is not read-only"
    ${lull} serve >/dev/null 2>${folder.file("log")} & sidecar=$!
    until curl -s -o /dev/null http://127.0.0.1:8503/healthz; do kill -0 $sidecar || { cat ${folder.file("log")}; exit 98; }; done
    ${check}
    ${lull} setmaintenance on --quiet || exit 97
    ${check}
    ${lull} setmaintenance off --quiet || exit 96
    ${check}
    kill $sidecar; wait $sidecar; echo "ended $?"
  `);
  expect({ code, output }).toEqual({ code: 0, output: "204\n403\n204\nended 0\n" });
});
