import { tryOwnTemplate } from "./answer/own-page.ts";
import { templateFault } from "./answer/template-fault.ts";
import { createTimeWriter } from "./answer/time-writer.ts";
import type { TrialSettings } from "./template-trials.ts";

/** For what a template starts and does not wait for. */
const afterwardsMs = 20;

/** Says on standard output why a template would not do; nothing: it holds. Gives the exit code. */
export async function templateTrialProcess(path: string, { timezone, staffUrl }: TrialSettings): Promise<number> {
  const late: string[] = [];
  const keep = (error: unknown) => late.push(`it starts work that fails later: ${templateFault(error)}`);
  process.removeAllListeners("uncaughtException").on("uncaughtException", keep).on("unhandledRejection", keep);
  let fault: string | null;
  try {
    fault = await tryOwnTemplate(path, { writeTime: createTimeWriter(timezone), staffUrl });
  } catch (error) {
    fault = templateFault(error);
  }
  await Bun.sleep(afterwardsMs);
  process.stdout.write(fault ?? late[0] ?? "");
  return 0;
}
