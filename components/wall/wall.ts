// SPDX-License-Identifier: Apache-2.0
import { isAllSilent, wantsNobody } from "@/agent/protocol/console/clear";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf, Level } from "@/agent/protocol/console/view";
import type { DrbdProgress } from "@/agent/protocol/model/drbd";
import { type Line, linesOf, toldByHeadline } from "@/components/fleet/findings";
import { entityOf, entriesOf, type Slice } from "@/components/live/store";
import { formatCount, formatMinutes, formatPercent } from "@/components/ui/format";
import type { Shape } from "@/components/ui/Icon";
import { worstFirst } from "@/components/ui/levels";

/** One cluster as a screen across the room shows it. */
export interface WallCluster {
  slug: string;
  title: string;
  environment: string | null;
  level: Level;
  /** What is wrong, without the word for how bad it is: that stands beside its shape. */
  says: string;
  why: string | null;
  sinceMs: number | null;
  /** Nobody of it is heard: everything it shows is old. */
  isSilent: boolean;
  /** The newest word of any of its nodes; null: never. */
  lastWordAtMs: number | null;
  /** The resync that has most left to do: until it is over a copy is missing. */
  moving: Move | null;
  /** Nodes that must stay up, with the reason in a few words. */
  mustStay: readonly string[];
  notes: readonly Note[];
  /** How many rules are switched off: what they would tell is not looked for. */
  rulesOff: number;
  /** Maintenance that somebody declared, or that was found. */
  held: readonly { node: string | null; owner: string | null; endsAtMs: number | null }[];
  /** The oldest proof among its mirrors: when it was last clean; null: one was never. Undefined: it has no mirror. */
  cleanAtMs: number | null | undefined;
  nodes: number;
  /** Keys of its nodes' entities, for their ages. */
  nodeKeys: readonly string[];
  mirrors: number;
}

export interface Move {
  resource: string;
  from: string;
  to: string;
  towards: string | null;
  progress: DrbdProgress;
}

export interface Note {
  key: string;
  shape: Shape;
  text: string;
  /** How many more findings follow from it. Missing: none. */
  follow?: number;
}

/** Null for a recording: it is no part of what is now. */
export function selectWallCluster(slug: string, slice: Slice): WallCluster | null {
  const cluster = entityOf(slice, "cluster", keyOf.cluster);
  if (cluster?.recorded) return null;
  const nodes = entriesOf(slice, "node").map(([, node]) => node);
  const mirrors = entriesOf(slice, "mirror").map(([, mirror]) => mirror);
  const lines = linesOf(entriesOf(slice, "finding"));
  const told = toldByHeadline(cluster, lines);
  const moves = mirrors.flatMap(({ resource, pairs }) =>
    pairs.flatMap(({ a, b, towards, progress }) => (progress === null ? [] : [{ resource, from: a, to: b, towards, progress }])),
  );
  const heard = nodes.flatMap(({ lastWordAtMs }) => (lastWordAtMs === null ? [] : [lastWordAtMs]));
  return {
    slug,
    title: cluster?.title ?? slug,
    environment: cluster?.environment ?? null,
    level: cluster?.headline.level ?? "unknown",
    says: told?.finding.title ?? cluster?.headline.word ?? "Nothing is known of it yet",
    why: cluster?.headline.why ?? null,
    sinceMs: cluster?.sinceMs ?? null,
    isSilent: isAllSilent(nodes.map(({ link }) => link)),
    lastWordAtMs: heard.length === 0 ? null : Math.max(...heard),
    moving: longest(moves, "resync"),
    mustStay: [...new Set(mirrors.flatMap(({ onlyHolder }) => (onlyHolder ? [onlyHolder] : [])))],
    rulesOff: cluster?.rulesOff?.length ?? 0,
    notes: [
      ...acting(entriesOf(slice, "run").map(([, run]) => run)),
      ...answering(told),
      ...lines
        // What is only good to know is for a desk: a wall tells what is wrong.
        .filter((line) => line !== told && line.level !== "absent" && line.finding.rule !== "maintenance")
        .map(
          ({ key, level, finding, within }): Note => ({
            key,
            shape: level,
            text: `${finding.title}${answeredBy(finding)}`,
            follow: within.length,
          }),
        ),
      ...comparing(longest(moves, "verify")),
    ],
    held: entriesOf(slice, "maintenance").map(([, { node, declared }]) => ({
      node,
      owner: declared?.owner ?? null,
      endsAtMs: declared?.endsAtMs ?? null,
    })),
    cleanAtMs: oldestClean(
      mirrors.length,
      entriesOf(slice, "verify").map(([, verify]) => verify),
    ),
    nodes: nodes.length,
    nodeKeys: entriesOf(slice, "node").map(([key]) => key),
    mirrors: mirrors.length,
  };
}

function acting(runs: readonly EntityOf<"run">[]): Note[] {
  return runs
    .filter(({ outcome }) => outcome === null)
    .map(({ id, by, title }) => ({ key: `run:${id}`, shape: "busy", text: `${by}: ${title}` }));
}

/** Who has taken the trouble that the headline tells on themselves. */
function answering(told: Line | undefined): Note[] {
  const by = told?.finding.alert?.acknowledged?.by;
  return told && by !== undefined ? [{ key: `answer:${told.key}`, shape: "held", text: `${by} is at it` }] : [];
}

function answeredBy({ alert }: EntityOf<"finding">): string {
  return alert?.acknowledged ? `: ${alert.acknowledged.by} is at it` : "";
}

function longest(moves: readonly Move[], kind: DrbdProgress["kind"]): Move | null {
  const left = ({ progress }: Move) => progress.etaSeconds ?? Number.POSITIVE_INFINITY;
  return moves.filter(({ progress }) => progress.kind === kind).sort((one, other) => left(other) - left(one))[0] ?? null;
}

/** A verify takes nothing from anybody: a line, not the middle of the screen. */
function comparing(move: Move | null): Note[] {
  if (move === null) return [];
  const { resource, progress } = move;
  const left = progress.etaSeconds === null ? "" : `, ${formatMinutes(progress.etaSeconds * 1_000)} left`;
  return [{ key: `verify:${resource}`, shape: "busy", text: `verify of ${resource} at ${formatPercent(progress.percent, 0)}${left}` }];
}

function oldestClean(mirrors: number, verifies: readonly EntityOf<"verify">[]): number | null | undefined {
  if (mirrors === 0) return undefined;
  if (verifies.length < mirrors || verifies.some(({ cleanAtMs }) => cleanAtMs === null)) return null;
  return Math.min(...verifies.map(({ cleanAtMs }) => cleanAtMs ?? 0));
}

/** Those that want a person, the biggest trouble first and the newest of it before what has stood for long; and the others. */
export function sortWall(clusters: readonly WallCluster[]): { troubled: readonly WallCluster[]; calm: readonly WallCluster[] } {
  const isCalm = ({ level, isSilent }: WallCluster) => wantsNobody(level, isSilent);
  const byTrouble = (a: WallCluster, b: WallCluster) =>
    Number(a.isSilent) - Number(b.isSilent) || worstFirst(a.level, b.level) || (b.sinceMs ?? 0) - (a.sinceMs ?? 0) || byName(a, b);
  const byName = (a: WallCluster, b: WallCluster) => (a.title < b.title ? -1 : 1);
  return {
    troubled: clusters.filter((one) => !isCalm(one)).sort(byTrouble),
    calm: clusters.filter(isCalm).sort((a, b) => worstFirst(a.level, b.level) || byName(a, b)),
  };
}

/** How many are how: "2 at risk", "1 silent", "3 clear": of those nothing is known to be wrong. */
export function countWall(clusters: readonly WallCluster[]): readonly { shape: Shape; says: string }[] {
  const count = (isMeant: (one: WallCluster) => boolean) => clusters.filter((one) => isMeant(one)).length;
  const level = (...levels: readonly Level[]) => count((one) => !one.isSilent && levels.includes(one.level));
  const told: readonly { shape: Shape; many: number; what: string }[] = [
    { shape: "bad", many: level("bad"), what: "broken" },
    { shape: "risk", many: level("risk"), what: "at risk" },
    { shape: "differs", many: level("differs"), what: level("differs") === 1 ? "differs" : "differ" },
    { shape: "old", many: count(({ isSilent }) => isSilent), what: "silent" },
    { shape: "unknown", many: level("old", "unknown", "absent"), what: "unknown" },
    { shape: "held", many: level("held"), what: "in maintenance" },
    { shape: "ok", many: level("ok", "busy"), what: "clear" },
  ];
  return told.filter(({ many }) => many > 0).map(({ shape, many, what }) => ({ shape, says: `${many} ${what}` }));
}

/** "2 nodes, 3 mirrors" */
export function sizeOf({ nodes, mirrors }: WallCluster): string {
  return `${formatCount(nodes, "node")}, ${formatCount(mirrors, "mirror")}`;
}

/** The word for how bad it is. */
export const LABEL: Readonly<Record<Level, string>> = {
  bad: "broken",
  risk: "at risk",
  differs: "differs",
  old: "old",
  unknown: "cannot be judged",
  absent: "not there",
  held: "in maintenance",
  busy: "busy",
  ok: "nothing known is wrong",
};
