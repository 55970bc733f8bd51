import { type Token, type TokenHandler, Tokenizer, TokenizerMode } from "parse5";

/** A part of a page that is text for people: outside of tags, comments, styles and scripts. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Elements whose content is no markup, and how it is read (HTML, 13.2.6.4). */
const rawContents: ReadonlyMap<string, Tokenizer["state"]> = new Map([
  ["style", TokenizerMode.RAWTEXT],
  ["iframe", TokenizerMode.RAWTEXT],
  ["noframes", TokenizerMode.RAWTEXT],
  ["xmp", TokenizerMode.RAWTEXT],
  ["script", TokenizerMode.SCRIPT_DATA],
  ["title", TokenizerMode.RCDATA],
  ["textarea", TokenizerMode.RCDATA],
]);

export function textRanges(page: string): readonly TextRange[] {
  const ranges: TextRange[] = [];
  let isRaw = false;
  const nothing = () => {};
  const characters = ({ location }: Token.CharacterToken) => {
    if (!isRaw && location !== null) ranges.push({ start: location.startOffset, end: location.endOffset });
  };
  const handler: TokenHandler = {
    onStartTag({ tagName }) {
      const state = rawContents.get(tagName);
      isRaw = state !== undefined;
      if (state !== undefined) tokenizer.state = state;
    },
    onEndTag() {
      isRaw = false;
    },
    onCharacter: characters,
    onWhitespaceCharacter: nothing,
    onNullCharacter: nothing,
    onComment: nothing,
    onDoctype: nothing,
    onEof: nothing,
    onParseError: null,
  };
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: true }, handler);
  tokenizer.write(page, true);
  return ranges;
}
