// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

export interface LayerProps {
  name: ReactNode;
  /** What assistive technology calls it when the name is more than text. */
  label: string | undefined;
  small?: ReactNode;
  kind?: string;
  a: ReactNode;
  x?: ReactNode;
  b: ReactNode;
  /** The halves whose values are old. */
  oldA?: boolean;
  oldB?: boolean;
}

/** One layer of the stack of two nodes: its name, the left node, what lies between, the right node. */
export function Layer({ name, label, small, kind = "", a, x, b, oldA = false, oldB = false }: LayerProps) {
  return (
    <section className={`layer ${kind}`.trim()} aria-label={label}>
      <LayerName name={name} small={small} />
      <div className={oldA ? "a stale" : "a"}>{a}</div>
      <div className={x ? "x" : "x empty"}>{x}</div>
      <div className={oldB ? "b stale" : "b"}>{b}</div>
    </section>
  );
}

/** A row that goes on with the layer above it has no name of its own. */
export function LayerName({ name, small }: Pick<LayerProps, "name" | "small">) {
  if (!name) return <div className="ln">{small && <small>{small}</small>}</div>;
  return (
    <h2 className="ln">
      {name}
      {small && <small>{small}</small>}
    </h2>
  );
}
