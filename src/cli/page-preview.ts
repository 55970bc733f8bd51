import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseListenAddress } from "../config/listen.ts";
import { LullError } from "../gate/error.ts";
import { type Preview, type PreviewOptions, startPreview } from "../page/preview-server.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { catchInterrupt } from "./interrupt.ts";
import { pageMeans, placesOf } from "./page-means.ts";
import { deliver, outputOf } from "./report.ts";
import type { Shell } from "./shell.ts";

const anyPort = "127.0.0.1:0";

export function pagePreview(shell: Shell): Command {
  return {
    args: {
      file: {
        type: "positional",
        required: false,
        valueHint: "FILE",
        description: "the page of all sites (default: those of the configuration, or the built-in one)",
      },
      listen: { type: "string", valueHint: "ADDRESS", description: `address and port (${anyPort}: any free port)` },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

async function run(shell: Shell, given: Given): Promise<number> {
  const address = parseListenAddress(given.text("listen") ?? anyPort);
  if (address.kind === "unix") {
    throw new LullError("usage", `--listen "unix:${address.path}": browsers reach no socket; write ${anyPort}`);
  }
  // The option is the preview's own: the configuration's setting is the sidecar's.
  const config = configFor(shell, { ...given, list: () => [] });
  const [name] = given.words;
  const file = name === undefined ? null : resolve(shell.machine.workingFolder, name);
  if (file !== null) await requireFile(file);
  const { samples, ...means } = pageMeans(config, shell.now());
  const interrupt = catchInterrupt();
  const preview = start({
    ...address,
    ...means,
    publicReason: samples.publicReason,
    places: file === null ? placesOf(config) : { templates: "", maintenance503Template: file },
    now: shell.now,
  });
  try {
    const { url } = preview;
    const code = deliver(shell, outputOf(given), { exitCode: exitCode.done, lines: [url], data: { url } });
    await interrupt.during(new Promise(() => {}));
    return code;
  } finally {
    interrupt.release();
    await preview.stop();
  }
}

/** Throws LullError. What is wrong in the file is shown by the preview, and can be mended while it runs. */
async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new LullError("refused", `${path}: there is no such file; name the file of a page`);
  if (!found.isFile()) throw new LullError("refused", `${path}: it is no file; name the file of a page`);
}

/** Throws LullError. */
function start(options: PreviewOptions): Preview {
  try {
    return startPreview(options);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const where = `${options.host}:${options.port}`;
    throw new LullError("refused", `${where} cannot be listened on (${code}); name another by --listen`, {
      cause: error,
    });
  }
}
