// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";

/** `word word …;` (block null) or `word word … { statements }`. */
export interface Statement {
  words: string[];
  block: Statement[] | null;
}

/** DRBD's own texts are five deep at most. */
const MAX_DEPTH = 20;
/** A quoted string, a brace or semicolon, a comment to the end of the line, or a word. */
const TOKEN = /"((?:[^"\\\n]|\\[^\n])*)"|([{};])|#[^\n]*|([^\s{};"#]+)|(")/g;

/**
 * Parses DRBD's configuration language, as `drbdsetup show` prints it: words, quoted strings, blocks, `#` comments.
 * @throws ParseError when a quote, block or statement is not closed
 */
export function parseStatements(text: string, what: string): Statement[] {
  const top: Statement[] = [];
  const open: Statement[][] = [top];
  let words: string[] = [];
  for (const [, quoted, mark, word, stray] of text.matchAll(TOKEN)) {
    if (stray !== undefined) throw new ParseError(`${what}: a quote is not closed`);
    const here = open.at(-1) ?? top;
    if (quoted !== undefined) words.push(quoted.replace(/\\(.)/g, "$1"));
    else if (word !== undefined) words.push(word);
    else if (mark === ";") {
      if (words.length > 0) here.push({ words, block: null });
      words = [];
    } else if (mark === "{") {
      if (words.length === 0 || open.length >= MAX_DEPTH)
        throw new ParseError(`${what}: a block without a name, or too many in one another`);
      const block: Statement[] = [];
      here.push({ words, block });
      open.push(block);
      words = [];
    } else if (mark === "}") {
      if (words.length > 0 || open.length === 1) throw new ParseError(`${what}: a closing brace does not fit`);
      open.pop();
    }
  }
  if (words.length > 0 || open.length > 1) throw new ParseError(`${what}: the text ends in the middle`);
  return top;
}
