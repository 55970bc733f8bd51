import { describe, expect, test } from "bun:test";
import { basename, join } from "node:path";
import { type SourceFacts, sourceFacts } from "./support/source-facts.ts";

const ROOT = join(import.meta.dir, "..");
const LONGEST_FILE_LINES = 300;
const NAMES_THAT_SAY_NOTHING = new Set(["index", "utils", "helpers", "common", "types", "misc", "service", "manager"]);

/** What each folder may import of ours; a folder that is not here may import all. */
const ARROWS: ReadonlyMap<string, readonly string[]> = new Map([
  ["gate", ["gate"]],
  ["time", ["time", "gate"]],
  ["config", ["config", "gate", "time", "nearest-name"]],
  ["store", ["store", "gate", "db"]],
  ["db", ["db"]],
  ["actions", ["actions", "gate", "store", "time", "config", "nearest-name"]],
  ["answer", ["answer", "gate", "templates"]],
  ["staff", ["staff", "gate", "config"]],
  ["mirror", ["mirror", "gate"]],
  ["page", ["page", "answer", "gate", "templates", "nearest-name"]],
  ["calendar", ["calendar", "gate"]],
  // Without the database: its processes start quickly, and end a command also when nothing else works.
  ["run", ["run", "system-library"]],
]);

/** What each folder may import of others; a folder that is not here may import all that PACKAGE_HOMES allows. */
const PACKAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ["gate", ["ipaddr.js", "re2js", "rrule-temporal", "node:url", "node:crypto"]],
  ["time", []],
  ["calendar", []],
]);

/** Where a package may be imported: a folder, or a file of src. */
const PACKAGE_HOMES: ReadonlyMap<string, readonly string[]> = new Map([
  ["elysia", ["http"]],
  ["citty", ["cli", "main"]],
  ["drizzle-orm", ["store", "db"]],
  ["drizzle-kit", ["db"]],
  ["@libsql/client", ["store", "db"]],
  ["libsql", ["store", "db"]],
  ["jose", ["staff"]],
  // Parsers that only the tools for authors of pages need.
  ["parse5", ["page"]],
  ["css-tree", ["page"]],
  // For tests alone.
  ["playwright-core", []],
  ["axe-core", []],
  ["@grpc/grpc-js", []],
]);

/** What only these files may import: it takes long to load, and few commands need it. */
const PACKAGE_FILES: ReadonlyMap<string, readonly string[]> = new Map([["rrule-temporal", ["src/gate/rule-walls.ts"]]]);

/** What is imported as text has no names. */
const MAY_EXPORT_DEFAULT = /\.d\.ts$/;

interface SourceFile extends SourceFacts {
  readonly path: string;
  readonly lines: number;
}

const files: readonly SourceFile[] = await Promise.all(
  [...new Bun.Glob("{src,db,tests}/**/*.ts").scanSync({ cwd: ROOT })].sort().map(async (path) => {
    const source = await Bun.file(join(ROOT, path)).text();
    return { path, lines: source.split("\n").length - 1, ...sourceFacts(source) };
  }),
);
const product = files.filter(({ path }) => !path.startsWith("tests/"));

/** `src/gate/path.ts` is in gate, `src/app.ts` in app, `db/schema.ts` in db. */
function areaOf(path: string): string {
  const [top = "", second = "", ...deeper] = path.split("/");
  if (top !== "src") return top;
  return deeper.length > 0 ? second : second.replace(/\.ts$/, "");
}

function packageOf(module: string): string {
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}

interface Arrow {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  /** Where to look. */
  readonly place: string;
}

function arrows(kind: "ours" | "of others"): readonly Arrow[] {
  return product.flatMap(({ path, imports }) =>
    imports
      .filter(({ module }) => module.startsWith(".") === (kind === "ours"))
      .map(({ module, line }) => {
        const to = kind === "ours" ? join(path, "..", module) : packageOf(module);
        return { path, from: areaOf(path), to, place: `${path}:${line} imports ${module}` };
      }),
  );
}

describe("imports point inward", () => {
  test("between our folders", () => {
    const wrong = arrows("ours").filter(({ from, to }) => !(ARROWS.get(from)?.includes(areaOf(to)) ?? true));
    expect(wrong.map(({ place }) => place)).toEqual([]);
  });

  test("from pure folders to few packages", () => {
    const wrong = arrows("of others").filter(({ from, to }) => !(PACKAGES.get(from)?.includes(to) ?? true));
    expect(wrong.map(({ place }) => place)).toEqual([]);
  });

  test("to each package only from its home", () => {
    const wrong = arrows("of others").filter(({ from, to }) => !(PACKAGE_HOMES.get(to)?.includes(from) ?? true));
    expect(wrong.map(({ place }) => place)).toEqual([]);
  });

  test("to some packages only from one file", () => {
    const wrong = arrows("of others").filter(({ path, to }) => !(PACKAGE_FILES.get(to)?.includes(path) ?? true));
    expect(wrong.map(({ place }) => place)).toEqual([]);
  });

  test("never to main.ts", () => {
    expect(arrows("ours").filter(({ to }) => to === "src/main.ts")).toEqual([]);
  });

  test("and there are some, so that the above says something", () => {
    expect(arrows("ours").length).toBeGreaterThan(50);
    expect(arrows("of others").length).toBeGreaterThan(20);
  });
});

describe("files", () => {
  test(`have ${LONGEST_FILE_LINES} lines at the most`, () => {
    expect(files.filter(({ lines }) => lines > LONGEST_FILE_LINES).map(({ path, lines }) => ({ path, lines }))).toEqual(
      [],
    );
  });

  test("have names that say what is in them", () => {
    const parts = (path: string) => basename(path).split(".");
    const wrong = files.filter(({ path }) => parts(path).some((part) => NAMES_THAT_SAY_NOTHING.has(part)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("export by name", () => {
    const wrong = files.filter(({ path, hasDefaultExport }) => hasDefaultExport && !MAY_EXPORT_DEFAULT.test(path));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("cast nothing", () => {
    expect(files.flatMap(({ path, castLines }) => castLines.map((line) => `${path}:${line}`))).toEqual([]);
  });
});
