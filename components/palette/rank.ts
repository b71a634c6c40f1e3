// SPDX-License-Identifier: Apache-2.0
import { worstFirst } from "@/components/ui/levels";
import type { Row } from "./place";

/** What decides between rows that fit equally well. */
export interface Around {
  /** The cluster of the page the person looks at. */
  here: string | null;
  /** Addresses used before, the last one first. */
  recent: readonly string[];
}

/**
 * How well one typed word fits a row; smaller is better, null is not at all.
 * In this order: the name itself, its beginning, a part of it, inside it, then kind, cluster and state, then letters in their order.
 */
function fitOf(word: string, row: Row): number | null {
  const name = row.name.toLowerCase();
  if (name === word) return 0;
  // Of a sentence this is but its first word: whoever types "rub" means ruby, not what was found on it.
  if (name.startsWith(word) && !name.includes(" ")) return 1;
  if (name.split(/[^a-z0-9]+/).some((part) => part.startsWith(word))) return 2;
  if (name.includes(word)) return 3;
  const about = `${row.kind} ${row.cluster ?? ""} ${row.says}`.toLowerCase();
  if (about.split(/\s+/).some((part) => part.startsWith(word))) return 4;
  return hasInOrder(name, word) ? 6 : null;
}

/** Whether all letters stand in the name in this order: "vmi" in "vm-images". */
function hasInOrder(name: string, letters: string): boolean {
  let from = 0;
  for (const letter of letters) {
    const at = name.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}

export function wordsOf(query: string): readonly string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/** The rows that every typed word fits, best first. Equal ones: this cluster's, the last used, the worst, by name. */
export function ranked(rows: readonly Row[], query: string, { here, recent }: Around): readonly Row[] {
  const words = wordsOf(query);
  const lastUsed = (row: Row) => (recent.includes(row.href) ? recent.indexOf(row.href) : recent.length);
  return rows
    .flatMap((row) => {
      const fits = words.map((word) => fitOf(word, row));
      return fits.includes(null) ? [] : [{ row, fit: fits.reduce<number>((sum, fit) => sum + (fit ?? 0), 0) }];
    })
    .sort(
      (a, b) =>
        a.fit - b.fit ||
        Number(b.row.cluster === here) - Number(a.row.cluster === here) ||
        lastUsed(a.row) - lastUsed(b.row) ||
        worstFirst(a.row.level ?? "ok", b.row.level ?? "ok") ||
        (a.row.name < b.row.name ? -1 : 1),
    )
    .map(({ row }) => row);
}
