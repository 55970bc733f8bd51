/** A folder on a file system of its own, which only commands in its mount namespace see. */
import type { TemporaryFolder } from "../support/temporary-folder.ts";

export interface MountPlace extends AsyncDisposable {
  /** Where the file system is, for commands in the namespace. */
  readonly path: string;
  /** The same for this process. */
  readonly outside: string;
  /** What makes a command run in the namespace. */
  readonly prefix: readonly string[];
  /** Runs a shell command in the namespace. Throws when it fails. */
  shell(script: string): Promise<void>;
}

/** Mounts a tmpfs with these options in the folder. Null and a printed reason where this user may not. */
export async function mountPlace(folder: TemporaryFolder, options: string): Promise<MountPlace | null> {
  const path = folder.file("mounted");
  const script = `mkdir ${path} && mount --make-rprivate / && mount -t tmpfs -o ${options} tmpfs ${path} && echo mounted && exec cat`;
  const keeper = Bun.spawn(["unshare", "--mount", "sh", "-c", script], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const { value } = await keeper.stdout.getReader().read();
  if (value === undefined) {
    console.log(`skipped: nothing can be mounted (${(await keeper.stderr.text()).trim()}); run as root`);
    return null;
  }
  const prefix = ["nsenter", `--mount=/proc/${keeper.pid}/ns/mnt`];
  return {
    path,
    outside: `/proc/${keeper.pid}/root${path}`,
    prefix,
    async shell(line) {
      const child = Bun.spawn([...prefix, "sh", "-c", line], { stdout: "ignore", stderr: "pipe" });
      const [errors, code] = await Promise.all([child.stderr.text(), child.exited]);
      if (code !== 0) throw new Error(`${line}: ${errors}`);
    },
    async [Symbol.asyncDispose]() {
      keeper.kill("SIGKILL");
      await keeper.exited;
    },
  };
}
