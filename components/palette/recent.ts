// SPDX-License-Identifier: Apache-2.0

const KEY = "quarterdeck.used";
const KEPT = 8;

/** Where this browser's person went by the palette, the last one first. */
export function readRecent(storage: Pick<Storage, "getItem">): readonly string[] {
  return (storage.getItem(KEY) ?? "").split("\n").filter(Boolean);
}

export function keepRecent(storage: Pick<Storage, "getItem" | "setItem">, href: string): void {
  storage.setItem(KEY, [href, ...readRecent(storage).filter((one) => one !== href)].slice(0, KEPT).join("\n"));
}
