import { join } from "node:path";
import { Eta } from "eta";
import builtInSource from "../../templates/answer/503.eta" with { type: "text" };
import { type PageContext, pageContext, timeWriter } from "./page-context.ts";

/** The maintenance page: rendering it never throws. */
export interface Page {
  /** Why the operator's page does not serve, in one line; null: it does, or there is none. */
  readonly fault: string | null;
  render(context: PageContext): string;
  /** An instant for people, in the configured zone. */
  writeTime(instant: number): string;
}

export interface PageOptions {
  /** The folder of the operator's templates; empty: none. */
  readonly templates: string;
  /** One file that goes before the folder; empty: none. */
  readonly maintenance503Template: string;
  readonly timezone: string;
  /** Told when the operator's template throws; the built-in page serves that visitor. */
  readonly onFault: (fault: string) => void;
}

type Render = (context: PageContext) => string;

/** In the order in which they are looked for; the last is django-downtime's name. */
const names = ["503.eta", "503.html", "downtime.html"];

/**
 * The operator's page, or the built-in one. Reads files now and never again.
 * A name that ends in `.eta` is a template, any other a finished page.
 */
export async function loadPage(options: PageOptions): Promise<Page> {
  const writeTime = timeWriter(options.timezone);
  const builtIn = compile(builtInSource, null);
  const found = await findPage(options);
  if (found.kind !== "page") return { fault: found.fault, render: builtIn, writeTime };
  let render: Render;
  try {
    render = readPage(found.path, found.text);
    for (const sample of samples) render(pageContext(sample, writeTime));
  } catch (error) {
    return {
      fault: `template ${found.path}: ${firstLine(error)}; the built-in page serves`,
      render: builtIn,
      writeTime,
    };
  }
  return {
    fault: null,
    writeTime,
    render(context) {
      try {
        return render(context);
      } catch (error) {
        options.onFault(`template ${found.path}: ${firstLine(error)}`);
        return builtIn(context);
      }
    },
  };
}

type Found =
  | { readonly kind: "page"; readonly path: string; readonly text: string }
  | { readonly kind: "none"; readonly fault: string | null };

async function findPage(options: PageOptions): Promise<Found> {
  const { templates, maintenance503Template } = options;
  const named = maintenance503Template === "" ? [] : [maintenance503Template];
  const paths = [...named, ...(templates === "" ? [] : names.map((name) => join(templates, name)))];
  for (const path of paths) {
    try {
      return { kind: "page", path, text: await Bun.file(path).text() };
    } catch (error) {
      const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!absent || path === maintenance503Template) {
        return {
          kind: "none",
          fault: `template ${path}: cannot be read (${firstLine(error)}); the built-in page serves`,
        };
      }
    }
  }
  return { kind: "none", fault: null };
}

function readPage(path: string, text: string): Render {
  const tag = /\{%|\{\{/.exec(text)?.[0];
  if (tag !== undefined) {
    throw new Error(`it holds "${tag}", so it is a Django template: write "<%= it.message %>" for "{{ message }}"`);
  }
  return path.endsWith(".eta") ? compile(text, path) : () => text;
}

function compile(text: string, path: string | null): Render {
  const eta = new Eta({ autoEscape: true, cache: true, ...(path === null ? {} : { views: join(path, "..") }) });
  const template = eta.compile(text);
  return (context) => template.call(eta, context);
}

const sample = {
  site: { id: 1, domain: "example.com", name: "Example" },
  message: "m",
  reason: "r",
  start: 0,
  end: 1000,
};
const rest = { retryAfterSeconds: 1, path: "/", language: "en" };
/** A template must hold with and without what may be unknown. */
const samples = [
  { ...sample, ...rest },
  { ...rest, site: null, message: "", reason: "", start: null, end: null, path: "" },
];

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? "";
}
