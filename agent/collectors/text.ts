// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "./define";

/** Longest line accepted from the kernel: far above any it prints, so that hostile text stays cheap. */
export const MAX_LINE_CHARS = 8_192;

/**
 * The lines of a kernel text, without carriage returns and trailing blanks.
 * @throws ParseError when the text does not end in a newline (its last line may be half a value) or a line is too long.
 */
export function finishedLines(what: string, text: string, maxChars = MAX_LINE_CHARS): string[] {
  if (!text.endsWith("\n")) throw new ParseError(`${what}: the text ends in the middle of a line`);
  const lines = text.slice(0, -1).split("\n");
  if (lines.some((line) => line.length > maxChars)) throw new ParseError(`${what}: a line is longer than ${maxChars} characters`);
  return lines.map((line) => line.trimEnd());
}

/** A decimal integer that a JavaScript number holds exactly; null for anything else, the empty text included. */
export function intOrNull(text: string | null | undefined): number | null {
  if (text === null || text === undefined || !/^-?\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  // "-0" is zero: JSON would lose the sign, and two equal readings would differ.
  return Number.isSafeInteger(value) ? value + 0 : null;
}

/** A short piece of a text for an error message: enough to recognise it, never the whole of it. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
