// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { type Entry, entityOf, entriesOf, type Slice } from "@/components/live/store";
import type { RecordingRow } from "@/components/recorded/Recordings";
import { formatCount } from "@/components/ui/format";
import { worstFirst } from "@/components/ui/levels";
import { type Line, linesOf } from "./findings";

/** One cluster as a row of the fleet shows it. */
export interface FleetCluster {
  slug: string;
  cluster: EntityOf<"cluster"> | undefined;
  nodes: readonly Entry<"node">[];
  mirrors: readonly Entry<"mirror">[];
  verifies: readonly Entry<"verify">[];
  /** Worst first, then oldest first; what follows from another stands inside it. */
  findings: readonly Line[];
  events: readonly Entry<"event">[];
  /** May this node be taken down: one per node that the console has an answer for. */
  verdicts: readonly Entry<"safety">[];
  maintenances: readonly Entry<"maintenance">[];
  runs: readonly Entry<"run">[];
}

export function selectFleetCluster(slug: string, slice: Slice): FleetCluster {
  return {
    slug,
    cluster: entityOf(slice, "cluster", "cluster"),
    nodes: entriesOf(slice, "node"),
    mirrors: entriesOf(slice, "mirror"),
    verifies: entriesOf(slice, "verify"),
    findings: linesOf(entriesOf(slice, "finding")),
    events: entriesOf(slice, "event"),
    verdicts: entriesOf(slice, "safety"),
    maintenances: entriesOf(slice, "maintenance"),
    runs: entriesOf(slice, "run"),
  };
}

/** The clusters that live, and the recordings that stand beside them: a recording is no part of any verdict or count. */
export function apart(clusters: readonly FleetCluster[]): { living: readonly FleetCluster[]; recordings: readonly RecordingRow[] } {
  return {
    living: clusters.filter(({ cluster }) => !cluster?.recorded),
    recordings: clusters.flatMap(({ slug, cluster }) => {
      if (!cluster?.recorded) return [];
      const { atMs, origin, openedBy } = cluster.recorded;
      return [{ slug, title: cluster.title, atMs, origin, openedBy, headline: cluster.headline.word }];
    }),
  };
}

/** What changed, without what the console made of it: findings stand beside it by themselves. */
export function changesOf(events: readonly Entry<"event">[]): readonly Entry<"event">[] {
  return events.filter(([, { what }]) => what !== "finding");
}

/** Events, newest first. */
export function newestFirst<T extends { atMs: number }>(events: readonly T[]): readonly T[] {
  return [...events].sort((a, b) => b.atMs - a.atMs);
}

export function levelOf({ cluster }: FleetCluster) {
  return cluster?.headline.level ?? "unknown";
}

/** Rows worst first; among equals by name, so that a row moves only when its rank changes. */
export function ranked(clusters: readonly FleetCluster[]): readonly FleetCluster[] {
  return [...clusters].sort((a, b) => worstFirst(levelOf(a), levelOf(b)) || (a.slug < b.slug ? -1 : 1));
}

/** Nothing to tell but its name: judged ok by the console, everything under it ok, no finding. */
export function isCalm({ cluster, nodes, mirrors, verifies, findings, maintenances, runs }: FleetCluster): boolean {
  return (
    maintenances.length === 0 &&
    runs.every(([, { outcome }]) => outcome !== null) &&
    cluster?.headline.level === "ok" &&
    // That something was never proven is told in the row's own line.
    findings.every(({ level }) => level === "absent") &&
    nodes.every(([, node]) => node.state.level === "ok" && node.link === "live") &&
    mirrors.every(([, mirror]) => mirror.said.level === "ok") &&
    // What was not proven is told; that nothing was ever asked for is no trouble by itself.
    verifies.every(([, { said }]) => said.level !== "differs" && said.level !== "risk" && said.level !== "bad")
  );
}

/** The headline of the fleet and the line below it. */
export function sayFleet(clusters: readonly FleetCluster[]): { headline: string; rest: string } {
  const count = (...levels: readonly string[]) => clusters.filter((one) => levels.includes(levelOf(one))).length;
  const parts = [
    [count("bad"), "broken"],
    [count("risk"), "at risk"],
    [count("differs"), "with copies that differ"],
    [count("old", "unknown", "absent"), "cannot be judged"],
    [count("held"), "held"],
  ] as const;
  const told = parts.filter(([many]) => many > 0);
  const untroubled = count("ok", "busy");
  const nodes = clusters.reduce((sum, { nodes: list }) => sum + list.length, 0);
  const mirrors = clusters.reduce((sum, { mirrors: list }) => sum + list.length, 0);
  const size = `${formatCount(nodes, "node")}, ${formatCount(mirrors, "mirror")}.`;
  if (told.length === 0) {
    const busy = count("busy");
    const headline = busy === 0 ? "Nothing known is wrong" : `Nothing known is wrong, ${busy} busy`;
    return { headline, rest: `${formatCount(clusters.length, "cluster")}, ${size}` };
  }
  const headline = told
    .map(([many, what], index) => (index === 0 ? `${formatCount(many, "cluster")} ${what}` : `${many} ${what}`))
    .join(", ");
  const others = untroubled === 0 ? "" : `In the other ${untroubled} nothing known is wrong. `;
  return { headline, rest: others + size };
}

/** "2 nodes online" when all say the same; else only the number. */
export function sayAll(what: string, words: readonly string[]): string {
  if (words.length === 0) return `no ${what}s`;
  const [first] = words;
  const all = words.every((word) => word === first) ? ` ${first}` : "";
  return `${formatCount(words.length, what)}${all}`;
}
