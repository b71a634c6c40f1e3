// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { actOf, HELP, hasSingleKeys, type Pressed, setSingleKeys } from "./keys";
import { keepRecent, readRecent } from "./recent";

const press = (key: string, part: Partial<Pressed> = {}): Pressed => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...part });
const plain = { single: true, isRow: false };

function storage() {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
}

test("Ctrl K and ⌘K open the palette, also while something is typed", () => {
  expect(actOf(press("k", { ctrlKey: true }), null, { single: false, isRow: false })).toBe("palette");
  expect(actOf(press("K", { metaKey: true }), null, plain)).toBe("palette");
});

test("a key alone counts only where nothing is typed and they are not switched off", () => {
  expect(actOf(press("/"), null, plain)).toBe("palette");
  expect(actOf(press("?"), null, plain)).toBe("help");
  expect(actOf(press("?"), null, { single: false, isRow: false })).toBeNull();
});

test("g waits for its second key", () => {
  expect(actOf(press("g"), null, plain)).toBeNull();
  expect(actOf(press("f"), "g", plain)).toBe("fleet");
  expect(actOf(press("s"), "g", plain)).toBe("settings");
  expect(actOf(press("f"), null, plain)).toBeNull();
  expect(actOf(press("j"), "g", plain)).toBeNull();
});

test("arrows move between rows only where a row has the focus, else they scroll", () => {
  expect(actOf(press("ArrowDown"), null, { single: true, isRow: true })).toBe("nextRow");
  expect(actOf(press("ArrowUp"), null, { single: false, isRow: true })).toBe("previousRow");
  expect(actOf(press("ArrowDown"), null, plain)).toBeNull();
});

test("what belongs to the browser stays the browser's", () => {
  for (const key of ["f", "j", "/", "l"]) expect(actOf(press(key, { ctrlKey: true }), null, plain)).toBeNull();
  expect(actOf(press("k", { altKey: true }), null, plain)).toBeNull();
  expect(actOf(press("k", { ctrlKey: true, metaKey: true }), null, plain)).toBeNull();
});

test("every key that is ours stands on the help sheet", () => {
  const told = HELP.flatMap(({ keys }) => keys.flatMap(({ press: first, or }) => [first.join(" "), or?.join(" ") ?? ""]));
  for (const key of ["Ctrl K", "⌘K", "/", "?", "g f", "g c", "g t", "g v", "g s", "j", "k", "↓", "↑"]) expect(told).toContain(key);
});

test("single keys are on until somebody switches them off in this browser", () => {
  const kept = storage();
  expect(hasSingleKeys(kept)).toBe(true);
  setSingleKeys(kept, false);
  expect(hasSingleKeys(kept)).toBe(false);
  setSingleKeys(kept, true);
  expect(hasSingleKeys(kept)).toBe(true);
});

test("the places used last are kept, each once, the newest first", () => {
  const kept = storage();
  for (const href of ["/a", "/b", "/a", "/c"]) keepRecent(kept, href);
  expect(readRecent(kept)).toEqual(["/c", "/a", "/b"]);
  for (let index = 0; index < 20; index += 1) keepRecent(kept, `/n${index}`);
  expect(readRecent(kept).length).toBe(8);
});
