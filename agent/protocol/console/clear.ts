// SPDX-License-Identifier: Apache-2.0
import type { Freshness, Level } from "./view";

/** What a verdict must be for a cluster to want nobody. */
const WANTS_NOBODY: ReadonlySet<Level> = new Set(["ok", "busy", "held"]);

/** Nobody of it is heard: everything known of it is old. */
export function isAllSilent(links: readonly Freshness[]): boolean {
  return links.length > 0 && links.every((link) => link !== "live");
}

/** Whether a screen across the room shows a cluster among those that want nobody. */
export function wantsNobody(level: Level, isSilent: boolean): boolean {
  return WANTS_NOBODY.has(level) && !isSilent;
}
