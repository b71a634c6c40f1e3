// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { decode } from "../decode";

type Item = Record<string, unknown>;

const Index = z.number().int().nonnegative();

/** The items of a list as it is now, in order. */
const ListPart = z.strictObject({
  list: z.array(
    z.union([
      /** So many items from this place of the list as it was. */
      z.tuple([Index, z.number().int().positive()]),
      /** The item from this place, with what changed in it. */
      z.tuple([Index, z.record(z.string(), z.unknown())]),
      /** An item that is new. */
      z.tuple([z.unknown()]),
    ]),
  ),
});
type ListPart = z.infer<typeof ListPart>;

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What changed in a list: items that moved are named by their place, of items that changed only what changed in them.
 * Null when that is no shorter than the list itself.
 */
export function listPartOf(
  before: readonly unknown[],
  after: readonly unknown[],
  partOfItem: (known: Item, item: Item) => Item | null,
): ListPart | null {
  const texts = after.map((item) => JSON.stringify(item));
  const known = before.map((item) => JSON.stringify(item));
  const places = new Map(known.map((text, index) => [text, index]));
  const list: ListPart["list"] = [];
  /** The place after that of the item before: where the next one is likely to have been. */
  let next = 0;
  for (const [index, item] of after.entries()) {
    const text = texts[index] ?? "";
    // Of equal items the one in turn, so that they make one run.
    const place = known[next] === text ? next : places.get(text);
    const last = list.at(-1);
    if (place !== undefined) {
      const [from, count] = last ?? [];
      if (place === next && last && typeof from === "number" && typeof count === "number") last[1] = count + 1;
      else list.push([place, 1]);
      next = place + 1;
      continue;
    }
    const was = before[next];
    const part = isItem(was) && isItem(item) ? partOfItem(was, item) : null;
    if (part && JSON.stringify(part).length < text.length) {
      list.push([next, part]);
      next += 1;
    } else list.push([item]);
  }
  const whole = texts.reduce((sum, text) => sum + text.length + 1, 1);
  return JSON.stringify({ list }).length < whole ? { list } : null;
}

/** The list as it is now; undefined when the part does not fit it. */
export function withList(
  known: readonly unknown[],
  part: unknown,
  withItem: (item: unknown, part: Item) => unknown,
): unknown[] | undefined {
  const decoded = decode(ListPart, part);
  if (!decoded.ok) return undefined;
  const items: unknown[] = [];
  for (const step of decoded.value.list) {
    if (step.length === 1) {
      items.push(step[0]);
      continue;
    }
    const [from, what] = step;
    if (typeof what === "number") {
      if (from + what > known.length) return undefined;
      items.push(...known.slice(from, from + what));
    } else {
      const item = withItem(known[from], what);
      if (item === undefined) return undefined;
      items.push(item);
    }
  }
  return items;
}
