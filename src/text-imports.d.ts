/** What `import text from "./file" with { type: "text" }` gives: src/build.ts puts the text into the executable. */
declare module "*.sql" {
  const text: string;
  export default text;
}

declare module "*.eta" {
  const text: string;
  export default text;
}

declare module "*/notice.js" {
  const text: string;
  export default text;
}

declare module "*/page.js" {
  const text: string;
  export default text;
}

declare module "*.css" {
  const text: string;
  export default text;
}
