import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { languages } from "../../src/answer/languages.ts";
import { createTimeWriter } from "../../src/answer/time-writer.ts";
import { previewForms } from "../../src/page/preview-forms.ts";
import { isOwnName, type Preview, startPreview } from "../../src/page/preview-server.ts";
import { sampleStates } from "../../src/page/samples.ts";
import { tryTemplateApart } from "../../src/template-trials.ts";
import { sendRaw } from "../support/raw-http.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();
const templates = folder.file("pages");
let preview: Preview;

function start(pages: string): Preview {
  return startPreview({
    host: "127.0.0.1",
    port: 0,
    places: { templates: pages, maintenance503Template: "" },
    writeTime: createTimeWriter("Europe/Berlin"),
    staffUrl: "/admin/",
    tryTemplate: tryTemplateApart({ timezone: "Europe/Berlin", staffUrl: "/admin/" }),
    publicReason: true,
    now: () => Date.UTC(2026, 10, 20, 12),
  });
}

beforeAll(async () => {
  await mkdir(`${templates}/shop.example`, { recursive: true });
  await mkdir(`${templates}/<b>`);
  await writeFile(`${templates}/shop.example/503.eta`, "<title>shop</title><%= it.message %>");
  await writeFile(`${templates}/<b>/503.html`, "x");
  preview = start(templates);
});
afterAll(async () => {
  await preview.stop();
  await folder.remove();
});

async function get(
  path: string,
  { url } = preview,
): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const response = await fetch(new URL(path, url), { redirect: "manual" });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Targets of a page's links. */
function linksOf(page: string): readonly string[] {
  return [...page.matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));
}

const shown = (link: string) => new URL(link, preview.url).searchParams;

test("every link of the list leads to an answer", async () => {
  // Without templates: each answer tries them in a process of their own.
  const plain = folder.file("plain");
  await mkdir(`${plain}/shop.example`, { recursive: true });
  await writeFile(`${plain}/shop.example/503.html`, "<title>shop</title>");
  const quick = start(plain);
  const links = linksOf((await get("/", quick)).text).filter((link) => link !== "data:,");
  const answers = links.filter((link) => link.startsWith("/show?"));
  expect(answers).toHaveLength(sampleStates.length * (previewForms.length + 1) + languages.length);
  for (const link of links) {
    const { status, headers, text } = await get(link, quick);
    const isPage = link.startsWith("/show?") && shown(link).get("form") === "html" && !shown(link).has("show");
    expect({ link, status }).toEqual({ link, status: isPage ? 503 : 200 });
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(text).toMatch(/<title>[^<]+<\/title>/);
  }
  await quick.stop();
});

test("browsers that ask for an icon get none, and are not asked to by the preview's own pages", async () => {
  expect((await get("/favicon.ico")).status).toBe(204);
  for (const link of ["/", "/show?form=json"]) {
    const { headers, text } = await get(link);
    expect(text).toContain('<link rel="icon" href="data:,">');
    expect(headers.get("content-security-policy")).toContain("img-src data:;");
  }
});

test.each([
  ["json", "503 Service Unavailable", "Content-Type: application/problem+json"],
  ["xml", "503 Service Unavailable", "Content-Type: application/xml"],
  ["text", "503 Service Unavailable", "Content-Type: text/plain"],
  ["event-stream", "200 OK", "event: maintenance"],
  ["grpc", "200 OK", "grpc-status: 14"],
  ["websocket", "503 Service Unavailable", "Content-Type: text/plain"],
  ["redirect", "302 Found", "Location: https://status.example/"],
  ["preflight", "204 No Content", "Access-Control-Allow-Origin: https://app.example"],
])("%s is shown with status and headers", async (form, status, line) => {
  const { text } = await get(`/show?state=end&form=${form}`);
  expect(text).toContain(`>${status}\n`);
  expect(text).toContain(`\n${line}`);
});

test("pages come as visitors get them, in each state and language", async () => {
  const end = await get("/show?state=end&form=html&language=de");
  expect(end.headers.get("content-language")).toBe("de");
  expect(end.headers.get("content-security-policy")).toContain("script-src 'sha256-");
  expect(Number(end.headers.get("retry-after"))).toBe(42 * 60);
  const texts = await Promise.all(sampleStates.map(async (state) => (await get(`/show?state=${state}`)).text));
  expect(new Set(texts).size).toBe(sampleStates.length);
});

test("a site's own page is read again for each request, and its faults stand first", async () => {
  const { text } = await get("/");
  const site = linksOf(text).find((link) => link.startsWith("/?") && shown(link).get("site") === "shop.example") ?? "";
  const page = linksOf((await get(site)).text).find((link) => link.startsWith("/show?")) ?? "";
  expect((await get(page)).text).toBe("<title>shop</title>We are moving to new servers.");
  expect((await get(page)).headers.get("content-security-policy")).toBeNull();
  const file = `${templates}/shop.example/503.eta`;
  await writeFile(file, "<title>new</title>");
  expect((await get(page)).text).toBe("<title>new</title>");
  await writeFile(file, "{{ message }}");
  const [, faults = ""] = /<section class="faults" role="alert">(.*?)<\/section>/s.exec((await get("/")).text) ?? [];
  expect(faults).toMatch(/shop\.example.*Django template/);
  await writeFile(file, "<% if (it.mode === 'full' && it.notSaved) { %><%= it.no.such %><% } %>x");
  const failed = await get("/show?site=shop.example&state=post");
  expect([failed.status, failed.text]).toEqual([500, expect.stringMatching(/503\.eta.*no\.such.*built-in page\n$/)]);
});

test("nothing gets in unescaped", async () => {
  const list = await get("/");
  expect(list.text).toContain("&lt;b&gt;");
  expect(list.text).not.toContain("<b>");
  for (const form of ["html", "json"]) {
    const { text } = await get(`/show?form=${form}&show=source&site=${encodeURIComponent('"><script>x</script>')}`);
    expect(text).not.toContain("<script>x");
  }
  expect(list.headers.get("content-security-policy")).toStartWith("default-src 'none'");
});

describe("nobody else", () => {
  test.each([
    ["a name from elsewhere", "GET / HTTP/1.1\r\nHost: evil.example", 403],
    ["a name that only begins well", "GET / HTTP/1.1\r\nHost: localhost.evil.example", 403],
    ["an address in a name", "GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example", 403],
    ["its own name", "GET / HTTP/1.1\r\nHost: localhost:8080", 200],
    ["POST", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0", 405],
    ["a file", "GET /shop.example/503.eta HTTP/1.1\r\nHost: localhost", 404],
    ["whether the site is back", "GET /.lull/up HTTP/1.1\r\nHost: localhost", 503],
  ])("%s", async (_, head, status) => {
    const { hostname: host, port } = new URL(preview.url);
    const answered = await sendRaw({ host, port: Number(port) }, `${head}\r\nConnection: close\r\n\r\n`);
    expect(answered.status).toBe(status);
  });

  test.each([
    ["127.0.0.1", "127.0.0.1:80", true],
    ["127.0.0.1", "[::1]:80", true],
    ["127.0.0.1", "app.localhost", true],
    ["127.0.0.1", "192.0.2.1", false],
    ["192.0.2.1", "192.0.2.1:80", true],
    ["192.0.2.1", "192.0.2.2", false],
    ["192.0.2.1", "desk.example", false],
    ["0.0.0.0", "192.0.2.1", true],
    ["::", "[2001:db8::1]:80", true],
    ["::", "desk.example", false],
    ["0.0.0.0", "", false],
  ])("on %s, %s is its name: %p", (listen, host, expected) => {
    expect(isOwnName(host, listen)).toBe(expected);
  });
});
