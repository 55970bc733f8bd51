import { type Browser, chromium } from "playwright-core";
import { needProgram } from "./debian.ts";

/** Debian's Chromium, without a window. Everything that it loads comes from this machine. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await needProgram("chromium");
  if (executablePath === null) throw new Error('chromium is missing: skip this test, see needProgram("chromium")');
  return await chromium.launch({
    executablePath,
    // Its sandbox refuses to work for root, which CI is.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-background-networking"],
  });
}
