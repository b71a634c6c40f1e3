// SPDX-License-Identifier: Apache-2.0
"use client";
import { type EdgeTypes, type NodeTypes, ReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useSyncExternalStore } from "react";
import type { PathGraph } from "./graph";
import { BOX, placed } from "./lay-out";
import { PathBox, type PathBoxNode } from "./PathBox";
import { PathWay, type PathWayEdge } from "./PathWay";
import { nameOf } from "./standing";

const NODES: NodeTypes = { part: PathBox };
const EDGES: EdgeTypes = { way: PathWay };

const WIDE = "(min-width: 2800px)";
function onResize(tell: () => void): () => void {
  const media = matchMedia(WIDE);
  media.addEventListener("change", tell);
  return () => media.removeEventListener("change", tell);
}

/** The zoom that pages have on a very wide screen (base.css). What draws the picture measures in pixels of the screen: it has to know. */
function useScale(): number {
  return useSyncExternalStore(
    onResize,
    () => (matchMedia(WIDE).matches ? 1.6 : 1),
    () => 1,
  );
}

/** Columns from the clients on the left to the disks on the right. It stands still: it is read, not moved. */
export function PathsFlow({ graph }: { graph: PathGraph }) {
  const { width, height, parts, words } = placed(graph);
  const scale = useScale();
  const nodes = graph.parts.map(
    (part): PathBoxNode => ({
      id: part.id,
      type: "part",
      position: parts.get(part.id) ?? { x: 0, y: 0 },
      data: { part },
      ...BOX,
      ariaLabel: [nameOf(part), part.about, part.said.word, part.stands === "consequence" ? `because of ${part.because.join(", ")}` : null]
        .filter((word) => word !== null)
        .join(", "),
    }),
  );
  const edges = graph.links.map(
    (link): PathWayEdge => ({
      id: link.id,
      type: "way",
      source: link.from,
      target: link.to,
      focusable: false,
      data: { link, words: words.get(link.id) ?? null },
    }),
  );
  return (
    <div className="paths-scroll">
      <div className="paths-flow" style={{ width: width * scale, height: height * scale, zoom: 1 / scale }}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODES}
          edgeTypes={EDGES}
          nodesDraggable={false}
          nodesConnectable={false}
          elementsSelectable={false}
          nodesFocusable
          panOnDrag={false}
          zoomOnScroll={false}
          zoomOnPinch={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          autoPanOnNodeFocus={false}
          viewport={{ x: 0, y: 0, zoom: scale }}
          minZoom={scale}
          maxZoom={scale}
          proOptions={{ hideAttribution: true }}
        />
      </div>
    </div>
  );
}
