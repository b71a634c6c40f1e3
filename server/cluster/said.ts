// SPDX-License-Identifier: Apache-2.0
import type { Level, Said } from "@/agent/protocol/console/view";
import type { Standing } from "./freshness";

export function said(level: Level, word: string, why: string | null = null): Said {
  return { level, word, why };
}

/** Worst first. Old and unknown outrank good: what cannot be known is never good. */
const RANK: { readonly [L in Level]: number } = {
  bad: 0,
  risk: 1,
  differs: 2,
  unknown: 3,
  old: 4,
  held: 5,
  busy: 6,
  absent: 7,
  ok: 8,
};

export function rankOf(level: Level): number {
  return RANK[level];
}

/** The worst of several judgements; the first of equals. */
export function worst(judgements: readonly Said[], none: Said): Said {
  let found: Said | null = null;
  for (const judgement of judgements) if (!found || RANK[judgement.level] < RANK[found.level]) found = judgement;
  return found ?? none;
}

/** A judgement of values that are not current: the same words, in the past, and why nobody knows better. */
export function aged(now: Said, standing: Standing, before = `was ${now.word}`): Said {
  return standing.isCurrent ? now : said("old", before, standing.why);
}
