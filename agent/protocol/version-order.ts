// SPDX-License-Identifier: Apache-2.0

/** The leading numbers of a version: "9.22.0-1" is 9, 22, 0. Null: it does not begin with one. */
function numbersOf(version: string): readonly number[] | null {
  const found = /^\d+(?:\.\d+)*/.exec(version.trim());
  return found ? found[0].split(".").map(Number) : null;
}

/** Whether a version is this one or a later. What is no version is not. */
export function isAtLeast(version: string, least: readonly number[]): boolean {
  const numbers = numbersOf(version);
  if (numbers === null) return false;
  for (const [place, wanted] of least.entries()) {
    const is = numbers[place] ?? 0;
    if (is !== wanted) return is > wanted;
  }
  return true;
}
