import { join } from "node:path";
import { needProgram } from "../support/debian.ts";
import { readFigures } from "./figures.ts";
import { processorSeconds } from "./process-figures.ts";
import type { ServerProcess } from "./server-process.ts";
import { visitHeaders } from "./visits.ts";

export type Transport = "tcp" | "unix";

/** What a server did under as many checks as one core of clients could send it. */
export interface Load {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly cpuMicroseconds: number;
}

/** What wrk asks again and again. */
export interface Question {
  readonly path: string;
  /** Whole lines. */
  readonly headers: readonly string[];
}

interface Asked {
  readonly requests: number;
  readonly elapsedSeconds: number;
}

const connections = 16;
const clientCore = 1;
const aCheck: Question = { path: "/check/nginx", headers: visitHeaders };

/** wrk over TCP; it knows no unix sockets, so there it is a client of our own. */
export async function loadChecks(server: ServerProcess, transport: Transport, seconds: number): Promise<Load> {
  if (transport === "tcp") return loadQuestion(server, aCheck, seconds);
  return measure(server, () => runOwnClient(server, seconds));
}

/** wrk over TCP. */
export async function loadQuestion(server: ServerProcess, question: Question, seconds: number): Promise<Load> {
  return measure(server, () => runWrk(server, question, seconds));
}

async function measure(server: ServerProcess, ask: () => Promise<Asked>): Promise<Load> {
  const before = processorSeconds(server.pid);
  const { requests, elapsedSeconds } = await ask();
  const cpuMicroseconds = ((processorSeconds(server.pid) - before) * 1e6) / requests;
  return { requests, requestsPerSecond: requests / elapsedSeconds, cpuMicroseconds };
}

async function runWrk(server: ServerProcess, question: Question, seconds: number): Promise<Asked> {
  const wrk = await needProgram("wrk");
  if (wrk === null) throw new Error("wrk is missing: apt-get install wrk");
  const headers = question.headers.flatMap((header) => ["-H", header]);
  const url = `http://127.0.0.1:${server.port}${question.path}`;
  const options = ["-t1", `-c${connections}`, `-d${seconds}s`, ...headers];
  const child = Bun.spawn(["taskset", "-c", String(clientCore), wrk, ...options, url], { stdout: "pipe" });
  const text = await child.stdout.text();
  if (/Socket errors/.test(text)) throw new Error(`wrk: ${text}`);
  const [, requests, took, unit] = /(\d+) requests in ([\d.]+)(s|m)/.exec(text) ?? [];
  return { requests: Number(requests), elapsedSeconds: Number(took) * (unit === "m" ? 60 : 1) };
}

async function runOwnClient(server: ServerProcess, seconds: number): Promise<Asked> {
  const script = join(import.meta.dir, "socket-client.ts");
  const words = [server.socket, String(connections), String(seconds)];
  const command = ["taskset", "-c", String(clientCore), process.execPath, script, ...words];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const figures = readFigures(await child.stdout.text(), script);
  return { requests: figures("requests"), elapsedSeconds: figures("seconds") };
}
