// SPDX-License-Identifier: Apache-2.0

/** The first sentence, and the rest; the rest is empty where there is one sentence. */
export function firstSentence(text: string): readonly [first: string, rest: string] {
  const [, first, rest] = /^(.+?[.!?])\s+(?=\S)([\s\S]+)$/.exec(text) ?? [];
  return first === undefined || rest === undefined ? [text, ""] : [first, rest];
}
