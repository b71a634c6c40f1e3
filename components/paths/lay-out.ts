// SPDX-License-Identifier: Apache-2.0
import { Graph, layout } from "@dagrejs/dagre";
import type { PathGraph, PathKind } from "./graph";

/** The size of a part's box, and of the words at a way that crosses something. Units: CSS px. */
export const BOX = { width: 164, height: 64 };
const LINE_OF_WORDS = { width: 84, height: 16 };

const MARGIN = 2;
/** An array of a client is its device: it begins on the left. */
const COLUMN_OF: Readonly<Record<PathKind, number>> = { device: 1, address: 2, mirror: 3, copy: 4, disk: 1 };
/** Holds the columns together; it is not drawn. No part is called so. */
const ROOT = " ";

export interface Placed {
  width: number;
  height: number;
  /** Top left corners, by part. */
  parts: ReadonlyMap<string, { x: number; y: number }>;
  /** The middle of a way's words, by link. */
  words: ReadonlyMap<string, { x: number; y: number }>;
}

/** Places all parts in columns from the clients on the left to the disks on the right. */
export function placed({ parts, links }: PathGraph): Placed {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 26, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of parts) graph.setNode(id, { ...BOX });
  for (const { id, from, to, crosses } of links)
    graph.setEdge(
      from,
      to,
      crosses.length === 0 ? {} : { width: LINE_OF_WORDS.width, height: LINE_OF_WORDS.height * crosses.length, labelpos: "c" },
      id,
    );
  // What nothing stands on begins in the column of its kind: a mirror without clients stands under those that have some.
  graph.setNode(ROOT, { width: 0, height: 0 });
  const stoodOn = new Set(links.map(({ to }) => to));
  for (const { id, kind } of parts) if (!stoodOn.has(id)) graph.setEdge(ROOT, id, { minlen: COLUMN_OF[kind], weight: 0 }, ROOT);
  layout(graph);
  const left = Math.min(...parts.map(({ id }) => graph.node(id).x - BOX.width / 2)) - MARGIN;
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: width - left,
    height,
    parts: new Map(
      parts.map(({ id }) => {
        const { x, y } = graph.node(id);
        return [id, { x: x - left - BOX.width / 2, y: y - BOX.height / 2 }];
      }),
    ),
    words: new Map(
      links.flatMap(({ id, from, to, crosses }) => {
        const { x, y } = graph.edge(from, to, id);
        return crosses.length === 0 || x === undefined || y === undefined ? [] : [[id, { x: x - left, y }] as const];
      }),
    ),
  };
}
