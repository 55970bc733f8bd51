import type { TemporaryFolder } from "../support/temporary-folder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Benchmark, figure, note, type Row } from "./benchmark.ts";
import { type Load, loadQuestion, type Question } from "./check-load.ts";
import { compile } from "./compile.ts";
import { close, firstSite, openBenchDatabase } from "./database-setup.ts";
import { databaseUrl, type ServerProcess, startServer, startSidecar } from "./server-process.ts";
import { median } from "./statistics.ts";
import { visitHeaders } from "./visits.ts";

const goal = 0.6;
const serverCore = 0;
const rounds = 7;
const seconds = 1;

/** What browsers and programs send. */
const forms: Readonly<Record<string, readonly string[]>> = {
  "the page": ["Accept: text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language: en-GB,en;q=0.9"],
  "the page in German": ["Accept: text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language: de-DE,de;q=0.9"],
  JSON: ["Accept: application/json"],
  text: ["Accept: */*"],
};

/** `/answer` of the binary against a server that sends the same bytes and does nothing else, on the same core. */
export const answer: Benchmark = {
  name: "answer",
  async run() {
    await using folder = temporaryFolder();
    const setUp = await openBenchDatabase(databaseUrl(folder, "closed"));
    await close(setUp, await firstSite(setUp));
    await setUp.close();
    await using sidecar = await startSidecar({ folder, name: "closed", core: serverCore });
    const bareProgram = await compile("bare-answer", folder.path);
    const rows: Row[] = [];
    for (const [name, headers] of Object.entries(forms)) {
      const question = { path: "/answer", headers: [...visitHeaders, ...headers] };
      await using bare = await startBare({ program: bareProgram, folder, name, sidecar, question });
      rows.push(...(await compare({ name, question, bare, sidecar })));
    }
    return rows;
  },
};

interface BareRequest {
  readonly program: string;
  readonly folder: TemporaryFolder;
  readonly name: string;
  readonly sidecar: ServerProcess;
  readonly question: Question;
}

async function startBare({ program, folder, name, sidecar, question }: BareRequest): Promise<ServerProcess> {
  const headers = Object.fromEntries(question.headers.map((line) => line.split(": ", 2)));
  const response = await fetch(`http://127.0.0.1:${sidecar.port}${question.path}`, { headers, decompress: false });
  const body = folder.file(`${name}.body`);
  await Bun.write(body, await response.bytes());
  const { date: _, "content-length": __, ...same } = Object.fromEntries(response.headers);
  const init = JSON.stringify({ status: response.status, headers: same });
  const words = [program, folder.file(`${name}.sock`), body, init];
  return startServer(words, { PATH: "/usr/bin:/bin" }, serverCore);
}

interface Comparison {
  readonly name: string;
  readonly question: Question;
  readonly bare: ServerProcess;
  readonly sidecar: ServerProcess;
}

async function compare({ name, question, bare, sidecar }: Comparison): Promise<readonly Row[]> {
  const loads: { readonly bare: Load; readonly ours: Load }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const load = {
      bare: await loadQuestion(bare, question, seconds),
      ours: await loadQuestion(sidecar, question, seconds),
    };
    // The first round warms up.
    if (round > 0) loads.push(load);
  }
  const rate = (which: "bare" | "ours") => {
    const perSecond = median(loads.map((load) => load[which].requestsPerSecond));
    const cpu = median(loads.map((load) => load[which].cpuMicroseconds));
    return `${figure(perSecond)} requests/s, ${figure(cpu)} us CPU each`;
  };
  const ratio = median(loads.map(({ bare, ours }) => ours.requestsPerSecond / bare.requestsPerSecond));
  return [
    note(`bare Bun.serve that answers the same bytes, ${name}`, rate("bare")),
    {
      what: `/answer, ${name}`,
      toReach: `${goal} x bare`,
      measured: `${figure(ratio)} x: ${rate("ours")}`,
      reached: ratio >= goal,
    },
  ];
}
