import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";

/** Why COMMAND cannot be run, with the exit code that a shell gives. */
export interface CommandFault {
  /** 127: not found. 126: found, and cannot be executed. 125: lull's own failure. */
  readonly code: 125 | 126 | 127;
  /** One line. */
  readonly message: string;
}

export type LocatedCommand =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "fault"; readonly fault: CommandFault };

/** What execvp(3) takes when there is no PATH. */
const defaultPath = "/bin:/usr/bin";

/** The file that execvp(3) would run: a name with a slash is a path, any other is looked up in PATH. */
export function locateCommand(name: string, environment: Readonly<Record<string, string | undefined>>): LocatedCommand {
  const isPath = name.includes("/");
  const folders = isPath || name === "" ? [] : (environment["PATH"] ?? defaultPath).split(":");
  // An empty folder is the working folder.
  const candidates = isPath ? [name] : folders.map((folder) => (folder === "" ? `./${name}` : join(folder, name)));
  const found = candidates.map((path) => ({ path, obstacle: obstacleOf(path) }));
  const usable = found.find(({ obstacle }) => obstacle === null);
  if (usable !== undefined) return { kind: "found", path: usable.path };
  const unusable = found.find(({ obstacle }) => obstacle !== "absent");
  if (unusable !== undefined) return faultOf(126, `cannot run "${unusable.path}": ${unusable.obstacle}`);
  const where = isPath ? "there is no such file" : "there is no such command in PATH";
  return faultOf(127, `cannot run "${name}": ${where}`);
}

function faultOf(code: 126 | 127, message: string): LocatedCommand {
  return { kind: "fault", fault: { code, message } };
}

/** Null: it can be executed, as far as can be seen. */
function obstacleOf(path: string): string | null {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return "it is a folder";
    if (!stats.isFile()) return "it is no regular file";
    accessSync(path, constants.X_OK);
    return null;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ENOTDIR") return "absent";
    return code === "EACCES" ? "this user may not execute it (chmod +x allows it)" : `${code}`;
  }
}
