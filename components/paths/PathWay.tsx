// SPDX-License-Identifier: Apache-2.0
"use client";
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { Icon } from "@/components/ui/Icon";
import type { PathGraph } from "./graph";
import { crossingInWords } from "./words";

export type PathWayEdge = Edge<{ link: PathGraph["links"][number]; words: { x: number; y: number } | null }, "way">;

/** One way: solid where it goes through, thick with a sign where it is broken, dashed where it leads to what is, dotted where nobody knows. */
export function PathWay(props: EdgeProps<PathWayEdge>) {
  const [path, x, y] = getBezierPath(props);
  if (!props.data) return null;
  const { link, words } = props.data;
  const middle = words ?? { x, y };
  const isBroken = link.stands === "break";
  return (
    <>
      <BaseEdge id={props.id} path={path} className={`path-way is-${link.stands}`} />
      {(link.crosses.length > 0 || isBroken) && (
        <EdgeLabelRenderer>
          <div className="path-words" style={{ transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)` }}>
            {isBroken && (
              <p className="st bad">
                <Icon shape={link.said?.level === "risk" ? "risk" : "bad"} /> {link.said?.word ?? "broken"}
              </p>
            )}
            {link.crosses.map((one) => (
              <p key={`${one.node} ${one.name}`} title={crossingInWords(one)}>
                <Icon shape={one.said?.level ?? (one.name === null ? "unknown" : "absent")} /> {one.node} {one.name ?? "?"}
              </p>
            ))}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
