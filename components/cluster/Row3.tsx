// SPDX-License-Identifier: Apache-2.0
import { Fragment, type ReactNode } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import { LayerName } from "./Layer";

type Node = EntityOf<"node">;
export type Three = readonly [Node, Node, Node];

interface Row3Props {
  kind: string;
  label: string;
  name: ReactNode;
  small?: ReactNode;
  nodes: Three;
  cell: (node: Node) => ReactNode;
  between?: (index: 0 | 1) => ReactNode;
  below?: ReactNode;
  old?: ReadonlySet<string>;
}

/** One layer of the stack of three nodes: its name, each node in its column, what lies between neighbours, and what lies below all. */
export function Row3({ kind, label, name, small, nodes, cell, between, below, old }: Row3Props) {
  return (
    <section className={`l3 ${kind}`} aria-label={label}>
      <LayerName name={name} small={small} />
      {nodes.map((node, index) => (
        <Fragment key={node.name}>
          <div className={old?.has(node.name) ? "n stale" : "n"} data-n={node.name}>
            {cell(node)}
          </div>
          {index < 2 && <div className="x">{between?.(index === 0 ? 0 : 1)}</div>}
        </Fragment>
      ))}
      {below}
    </section>
  );
}
