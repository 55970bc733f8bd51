/** Those that reach this process because it is in COMMAND's group. */
const signalsOfCommand = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** Runs COMMAND in this process's group. Gives its exit code when it has ended; null: it cannot be executed. */
export function spawnCommand(path: string, words: readonly string[]): Promise<number> | null {
  for (const signal of signalsOfCommand) process.on(signal, () => {});
  const [name = path, ...rest] = words;
  const options = { argv0: name, env: process.env, stdin: "inherit", stdout: "inherit", stderr: "inherit" } as const;
  try {
    return Bun.spawn([path, ...rest], options).exited;
  } catch {
    return null;
  }
}
