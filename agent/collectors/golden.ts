// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One recorded text and what it must become. */
export interface GoldenCase {
  name: string;
  text: string;
  golden: unknown;
}

/** Every `*.txt` of a folder with the `.json` beside it: a new fixture is a new case. For tests. */
export function goldenCases(folder: string): GoldenCase[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return names.map((file) => {
    const name = file.slice(0, -".txt".length);
    const text = readFileSync(path.join(folder, file), "utf8");
    return { name, text, golden: JSON.parse(readFileSync(path.join(folder, `${name}.json`), "utf8")) };
  });
}

/**
 * The text cut short in every way worth trying: at every character up to 4 kB, beyond that at every line end and at 300
 * places that are always the same.
 */
export function cutsOf(text: string): string[] {
  const places = new Set<number>();
  if (text.length <= 4_096) for (let at = 0; at < text.length; at += 1) places.add(at);
  else {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) places.add(at + 1);
    let seed = 1;
    for (let count = 0; count < 300; count += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      places.add(seed % text.length);
    }
  }
  return [...places].filter((at) => at < text.length).map((at) => text.slice(0, at));
}
