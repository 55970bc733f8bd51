import { expect, test } from "bun:test";
import { maskCharacter, maskTemplate } from "../../src/page/template-mask.ts";

/** `#` stands for the mask. */
const masked = (text: string) => maskTemplate(text).replaceAll(maskCharacter, "#");

test.each([
  ["a page without tags stays", '<img src="a.png">', '<img src="a.png">'],
  ["text becomes space", "<p><%= it.message %></p>", "<p>                 </p>"],
  ["an attribute's value is marked", '<img src="<%= a %>">', '<img src="########">'],
  ["so is a part of one", '<img src="a/<%= a %>.png">', '<img src="a/########.png">'],
  ["so is a whole attribute", "<img <% a %> src=b>", "<img ####### src=b>"],
  ["so is what stands in a style", "<style>a { color: <%= a %> }</style>", "<style>a { color: ######## }</style>"],
  ["so is what stands in a script", "<script>a(<%= a %>)</script>", "<script>a(########)</script>"],
  ["a tag's text is text again after a style", "<style></style><%= a %>", "<style></style>        "],
  ["an end in quotes is none", "<p><%= '%>' %></p>", "<p>           </p>"],
  ["an end in a template literal is none", "<p><%= `$" + "{'%>'}` %></p>", `<p>${" ".repeat(16)}</p>`],
  ["an end in a comment is none", "<p><%/* %> */%></p>", `<p>${" ".repeat(12)}</p>`],
  ["a comparison begins no element", "<% if (a <b) { %><i>", "                 <i>"],
  ["a tag that nobody closes goes to the end", "<p><% if", "<p>     "],
])("%s", (_, text, expected) => {
  expect(masked(text)).toBe(expected);
  expect(maskTemplate(text)).toHaveLength(text.length);
});
