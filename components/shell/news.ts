// SPDX-License-Identifier: Apache-2.0
import type { Freshness } from "@/agent/protocol/console/view";
import type { Line } from "@/components/live/live-store";
import { isSilent } from "@/components/live/use-live";
import { formatCount } from "@/components/ui/format";

/** Who is heard, at one moment. */
export interface Standing {
  line: Line;
  nodes: readonly { name: string; link: Freshness }[];
}

const NAMED = 3;

/** What to tell of a change; null: nothing. That the console itself is lost is an alert of its own. */
export function sayNews(before: Standing, after: Standing): string | null {
  // Without the console nothing is known of the nodes.
  if (isSilent(after.line)) return null;
  const heardBefore = new Map(before.nodes.map(({ name, link }) => [name, link]));
  const moved = (from: Freshness, to: Freshness) =>
    after.nodes.flatMap(({ name, link }) => (link === to && heardBefore.get(name) === from ? [name] : []));
  const lost = [...moved("live", "stale"), ...moved("live", "lost")];
  const back = [...moved("stale", "live"), ...moved("lost", "live")];
  const told = [
    isSilent(before.line) ? "The console speaks again." : "",
    lost.length > 0 ? `No word from ${named(lost)}.` : "",
    back.length > 0 ? `Heard again: ${named(back)}.` : "",
  ].filter(Boolean);
  return told.length === 0 ? null : told.join(" ");
}

function named(names: readonly string[]): string {
  return names.length > NAMED ? formatCount(names.length, "node") : names.join(", ");
}
