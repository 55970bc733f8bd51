/** The counts of a `bun test` run and the full names of what it skipped, from its JUnit report. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

const CASE = /<testcase name="([^"]*)" classname="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** A report that is not there counts nothing: the run died, or had no test. */
export async function readTestReport(path: string): Promise<TestReport> {
  const file = Bun.file(path);
  const text = (await file.exists()) ? await file.text() : "";
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  for (const [, name = "", groups = "", inside = ""] of text.matchAll(CASE)) {
    // Skipped hooks are reported too, without a name.
    if (inside.includes("<skipped")) skipped.push(...(name === "(unnamed)" ? [] : [fullName(name, groups)]));
    else if (inside.includes("<failure") || inside.includes("<error")) failed += 1;
    else passed += 1;
  }
  return { passed, failed, skipped };
}

/** The report names the innermost group first. */
function fullName(name: string, groups: string): string {
  const outermostFirst = groups === "" ? [] : unescapeXml(groups).split(" > ").reverse();
  return [...outermostFirst, unescapeXml(name)].join(" > ");
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
  ["&amp;", "&"],
]);

function unescapeXml(text: string): string {
  return text.replaceAll(/&\w+;/g, (entity) => ENTITIES.get(entity) ?? entity);
}
