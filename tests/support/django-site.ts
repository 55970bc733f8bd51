import { join } from "node:path";
import { needProgram } from "./debian.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const SCRIPT = join(import.meta.dir, "django-site.py");

/** Who has a session of the site. */
export type DjangoUser = "plain" | "staff" | "superuser" | "inactive";

/** A stock Django with its admin, for the hosts one.test and 127.0.0.1. */
export interface DjangoSite extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** The header Cookie of each: `sessionid=...`. */
  readonly cookies: Readonly<Record<DjangoUser, string>>;
  stop(): Promise<void>;
}

/** `ssl-redirect`: what does not say that it came by https is sent there. Throws when it does not start. */
export async function startDjangoSite(...words: readonly "ssl-redirect"[]): Promise<DjangoSite> {
  const python = await needProgram("django");
  if (python === null) throw new Error('python3-django is missing: skip this test, see needProgram("django")');
  const folder = temporaryFolder();
  // It ends with its standard input, so that it does not outlive a test run that is cut off.
  const child = Bun.spawn([python, SCRIPT, folder.path, ...words], { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    if (text.includes("\n")) break;
  }
  const stop = async () => {
    await child.stdin.end();
    await child.exited;
    await folder.remove();
  };
  if (!text.includes("\n")) {
    const errors = await child.stderr.text();
    await stop();
    throw new Error(`the Django site did not start: ${errors}`);
  }
  const { port, cookies } = JSON.parse(text);
  return { origin: `http://127.0.0.1:${port}`, cookies, stop, [Symbol.asyncDispose]: stop };
}
