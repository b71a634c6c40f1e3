// SPDX-License-Identifier: Apache-2.0
"use client";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";
import type { PathGraph } from "./graph";

export type PathBoxNode = Node<{ part: PathGraph["parts"][number] }, "part">;

/** One part of a path: its name and place, its state, and what it is so because of. */
export function PathBox({ data: { part } }: NodeProps<PathBoxNode>) {
  const { title, at, kind, about, said, stands, because } = part;
  return (
    <div className={`path-box is-${stands}`} data-level={said.level} title={[about, said.why].filter(Boolean).join(". ")}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <p className="what">
        <b>{title}</b>
        {at !== null && kind !== "copy" && <span className="d3"> at {at}</span>}
      </p>
      <p className="how">
        <StateWord small said={said} />
      </p>
      {stands === "consequence" ? (
        <p className="d3">
          <Icon shape="cut" plain /> because of {because.join(", ")}
        </p>
      ) : (
        about !== null && <p className="d3">{about}</p>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
