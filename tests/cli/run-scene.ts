import { type Program, programWith, type RunningSidecar } from "../faults/program.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

/** What `lull run` is run beside: the compiled program and a sidecar on a database of their own. */
export interface RunScene extends AsyncDisposable {
  readonly folder: TemporaryFolder;
  readonly program: Program;
  readonly sidecar: RunningSidecar;
  /** 204: open; 503: closed. */
  ask(): Promise<number>;
  /** A command line that prints the same for as long as it runs. */
  readonly asking: readonly string[];
  periods(): Promise<readonly Record<string, unknown>[]>;
  /** The actions of the audit, the last one first. */
  actions(): Promise<readonly string[]>;
  /** Those that hold. */
  bypasses(): Promise<readonly Record<string, unknown>[]>;
}

export async function openRunScene(): Promise<RunScene> {
  const folder = temporaryFolder();
  const program = await programWith({ folder, database: folder.file("lull.db") });
  const sidecar = await program.serve();
  const url = `${sidecar.url}/status/1/up`;
  return {
    folder,
    program,
    sidecar,
    ask: async () => (await fetch(url)).status,
    asking: [process.execPath, "-e", `console.log((await fetch(${JSON.stringify(url)})).status)`],
    async periods() {
      const { output } = await program.run("period", "list", "--running", "--json");
      return JSON.parse(output).periods;
    },
    async actions() {
      const { output } = await program.run("audit", "--json");
      return JSON.parse(output).entries.map(({ action }: { readonly action: string }) => action);
    },
    async bypasses() {
      const { output } = await program.run("bypass", "list", "--json");
      return JSON.parse(output).bypasses;
    },
    async [Symbol.asyncDispose]() {
      await sidecar[Symbol.asyncDispose]();
      await folder.remove();
    },
  };
}
