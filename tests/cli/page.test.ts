import { afterAll, describe, expect, test } from "bun:test";
import { mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openConsole } from "./console.ts";

const head =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>x</title>';
const png = "data:image/png;base64,UE5H";

describe("page check", () => {
  test("says of a page what is wrong, one finding a line, and fails", async () => {
    await using console = openConsole();
    await mkdir(console.file("pages"));
    await writeFile(
      console.file("pages/own.html"),
      `${head}\n<img src="https://cdn.example/x.png">\n<img src="gone.png">`,
    );
    const said = await console.lull("page check pages/own.html");
    expect(said).toMatchObject({ code: 1, err: "1 page checked\n" });
    expect(said.out.split("\n")).toEqual([
      expect.stringMatching(/^pages\/own\.html:2: error: <img src> "https:\/\/cdn\.example\/x\.png" .*; put a copy/),
      expect.stringMatching(/^pages\/own\.html:3: error: <img src> "gone\.png" .*; put it there/),
      "",
    ]);
    expect(await console.json("page check pages/own.html")).toMatchObject({
      exitCode: 1,
      files: [console.file("pages/own.html")],
      findings: [{ file: console.file("pages/own.html"), line: 2, severity: "error" }, { line: 3 }],
    });
  });

  test.each([
    ["an error", '<img src="x.png">', 1],
    ["a warning", '<form action="/"></form>', 1],
    ["a hint", '<form action="https://x.example"></form>', 0],
    ["nothing", "", 0],
  ])("with %s ends accordingly", async (_, body, code) => {
    await using console = openConsole();
    await writeFile(console.file("own.html"), head + body);
    expect((await console.lull("page check own.html")).code).toBe(code);
    const quiet = await console.lull("page check own.html --quiet");
    expect(quiet).toMatchObject({ code, out: "" });
    expect(quiet.err !== "").toBe(code !== 0);
    if (code !== 0) expect(quiet.err).toStartWith("own.html:1: ");
  });

  test.each([
    ["a folder", "page check .", /^\.: error: it is no file; it does not serve\n$/],
    [
      "a file with tags that it should not hold",
      "page check own.html",
      /^own\.html:2: error: it holds "<%".*name it own\.eta; it does not serve\n$/,
    ],
  ])("names %s by its name", async (_, call, pattern) => {
    await using console = openConsole();
    await writeFile(console.file("own.html"), `${head}\n<p><%= it.message %>`);
    const said = await console.lull(call);
    expect(said).toMatchObject({ code: 1, out: expect.stringMatching(pattern) });
  });

  test("checks what is configured, in every site's folder", async () => {
    await using console = openConsole();
    expect(await console.lull("page check")).toEqual({
      code: 0,
      out: "",
      err: "there is no page of your own: the built-in one serves\n",
    });
    const pages = console.file("pages");
    await using configured = openConsole({ settings: [`templates = ${JSON.stringify(pages)}`] });
    await mkdir(join(pages, "shop.example"), { recursive: true });
    await writeFile(join(pages, "503.eta"), `${head}<%= it.message %>`);
    await writeFile(join(pages, "shop.example/503.html"), "{% now %}");
    const said = await configured.lull("page check");
    expect(said).toMatchObject({ code: 1, err: "2 pages checked\n" });
    expect(said.out).toStartWith(`${pages}/shop.example/503.html:1: error: it holds "{%"`);
  });
});

describe("page inline", () => {
  async function withPage(text: string) {
    const console = openConsole();
    await writeFile(console.file("logo.png"), "PNG");
    await writeFile(console.file("own.html"), text);
    return console;
  }

  test("prints the page, names what is left, and what it makes passes the check", async () => {
    await using console = await withPage(`${head}<img src="logo.png">\n`);
    expect(await console.lull("page inline own.html")).toEqual({
      code: 0,
      out: `${head}<img src="${png}">\n`,
      err: "",
    });
    expect(await console.lull("page inline own.html --output packed.html")).toEqual({
      code: 0,
      out: `written to ${console.file("packed.html")}, 190 bytes\n`,
      err: "",
    });
    expect(await Bun.file(console.file("own.html")).text()).toContain('src="logo.png"');
    expect(await console.lull("page check packed.html")).toEqual({
      code: 0,
      out: "",
      err: "1 page checked, nothing to say\n",
    });
    await writeFile(console.file("own.html"), '<img src="//cdn.example/x.png">');
    const said = await console.lull("page inline own.html");
    expect(said).toMatchObject({
      code: 0,
      err: 'left as it is: <img src> "//cdn.example/x.png" (on another server)\n',
    });
  });

  test("names what is left of a template as it is written, and in which file", async () => {
    await using console = await withPage("");
    const tag = `<%= it.site.id ${"+ 0 ".repeat(20)}%>`;
    await mkdir(console.file("partials"));
    await writeFile(console.file("partials/footer.eta"), '<img src="logo.png">');
    await writeFile(console.file("503.eta"), `<img src="${tag}.png"><%~ include("partials/footer") %>`);
    const { err } = await console.lull("page inline 503.eta --output packed.eta");
    expect(err.trimEnd().split("\n")).toEqual([
      `left as it is: <img src> "${tag.slice(0, 60)}…" (known only when the template is rendered)`,
      'left as it is: partials/footer.eta: <img src> "logo.png" (named in an included file: pack it there, or write the file into the page)',
    ]);
    expect(await console.json("page inline 503.eta")).toMatchObject({
      left: [
        { file: null, url: `${tag}.png` },
        { file: console.file("partials/footer.eta"), kind: "local" },
      ],
    });
  });

  test("names all that it refuses, and writes nothing", async () => {
    await using console = await withPage('<img src="a.png">\n<img src="/b.png">');
    const said = await console.lull("page inline own.html --output packed.html");
    expect({ code: said.code, out: said.out }).toEqual({ code: 1, out: "" });
    expect(said.err.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^lull: own\.html:1: <img> "a\.png": there is no file/),
      expect.stringMatching(/^lull: own\.html:2: <img> "\/b\.png": .*--root/),
    ]);
    expect(await Bun.file(console.file("packed.html")).exists()).toBe(false);
  });

  test("with --json the page is a member, unless it goes to a file", async () => {
    await using console = await withPage('<img src="logo.png">');
    const page = `<img src="${png}">`;
    expect(await console.json("page inline own.html")).toMatchObject({
      output: null,
      bytes: page.length,
      left: [],
      page,
    });
    const written = await console.json("page inline own.html --output x.html");
    expect(written).toMatchObject({ output: console.file("x.html") });
    expect(written).not.toHaveProperty("page");
  });

  test("replaces a file that is named, whole, with its permissions, and through a link", async () => {
    await using console = await withPage('<img src="logo.png">');
    const file = console.file("own.html");
    await Bun.spawn(["chmod", "640", file]).exited;
    await symlink("own.html", console.file("link.html"));
    expect(await console.lull("page inline own.html --output link.html")).toMatchObject({ code: 0 });
    expect(await Bun.file(file).text()).toBe(`<img src="${png}">`);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await readdir(console.file("."))).filter((name) => name.includes("partial"))).toEqual([]);
  });

  test.each([
    ["a file that is not there", "page inline gone.html", 1, "gone.html: there is no such file"],
    ["a folder", "page inline .", 1, "cannot be read (EISDIR)"],
    ["a folder as the output", "page inline own.html --output pages", 1, "pages is no file"],
    ["an output in no folder", "page inline own.html --output gone/x.html", 1, "there is no folder"],
    ["a root that is not there", "page inline own.html --root gone", 1, "there is no folder"],
    ["no file", "page inline", 2, "FILE is missing"],
  ])("refuses %s", async (_, call, code, words) => {
    await using console = await withPage('<img src="logo.png">');
    await mkdir(console.file("pages"));
    const said = await console.lull(call);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toContain(words);
    expect(said.err.trimEnd().split("\n")).toHaveLength(1);
  });

  test("--root says where files may come from, and what / is", async () => {
    await using console = await withPage("");
    await mkdir(console.file("pages"));
    await writeFile(console.file("pages/own.html"), '<img src="/logo.png">');
    expect((await console.lull("page inline pages/own.html")).err).toContain("--root");
    expect((await console.lull("page inline pages/own.html --root .")).out).toBe(`<img src="${png}">\n`);
  });
});

describe("page preview", () => {
  const children: Bun.Subprocess[] = [];
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => child.exited));
  });

  function spawnPreview(path: string, ...options: readonly string[]) {
    const main = join(import.meta.dir, "../../src/main.ts");
    const env = { PATH: process.env["PATH"], LULL_DATABASE: `file:${path}` };
    const stdio = { stdin: "ignore", stdout: "pipe", stderr: "pipe" } as const;
    const child = Bun.spawn([process.execPath, main, "page", "preview", ...options], { env, ...stdio });
    children.push(child);
    return child;
  }

  async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
    let text = "";
    for await (const chunk of stream) {
      text += new TextDecoder().decode(chunk);
      if (text.includes("\n")) break;
    }
    return text.trimEnd();
  }

  test("serves a page on a loopback address until somebody presses Ctrl-C", async () => {
    await using console = openConsole();
    await writeFile(console.file("own.html"), "<p>mine</p>");
    const child = spawnPreview(console.path, console.file("own.html"));
    const url = await firstLine(child.stdout);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(await (await fetch(new URL("/show?form=html", url))).text()).toBe("<p>mine</p>");
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);
    expect(await Bun.file(console.path).exists()).toBe(false);
  });

  test.each([
    ["a file that is not there", "nope.eta", "nope.eta: there is no such file"],
    ["a folder", ".", "it is no file"],
  ])("refuses %s", async (_, name, words) => {
    await using console = openConsole();
    const said = await console.lull(`page preview ${name}`);
    expect({ code: said.code, out: said.out }).toEqual({ code: 1, out: "" });
    expect(said.err).toContain(words);
  });

  test.each([
    ["a socket", "unix:/tmp/x.sock", 2, "browsers reach no socket"],
    ["a name", "localhost:80", 2, "not a name"],
    ["an address of another machine", "192.0.2.1:0", 1, "192.0.2.1:0 cannot be listened on"],
  ])("refuses %s", async (_, listen, code, words) => {
    await using console = openConsole();
    const said = await console.lull(`page preview --listen ${listen}`);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toContain(words);
  });
});
