import { relative } from "node:path";

/** A file as short as people write it who stand in the folder, `.` for the folder itself. */
export function relativeTo(folder: string, file: string): string {
  const way = relative(folder, file);
  if (way === "") return ".";
  return way.startsWith("..") ? file : way;
}
