/** The parts of css-tree that read no data files, so that they work inside the executable; its types describe the whole alone. */
declare module "css-tree/tokenizer" {
  export { tokenize, tokenTypes } from "css-tree";
}

declare module "css-tree/utils" {
  export { ident, string, url } from "css-tree";
}
