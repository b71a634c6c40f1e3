// SPDX-License-Identifier: Apache-2.0
import { Ages } from "../Ages";
import type { Picture } from "../picture";
import { Row3, type Three } from "../Row3";
import type { Place } from "./define";
import { LayerCell, layersAt } from "./LayerCell";

/** The layers at one place of the stack of three: what lies between the nodes stands below all of them. */
export function LayersThree({ picture, place, nodes }: { picture: Picture; place: Place; nodes: Three }) {
  const names = nodes.map((node) => node.name);
  return layersAt(picture, place, names).map((layer) => {
    const between = layer.between(picture, names);
    return (
      <Row3
        key={layer.name}
        kind="more"
        label={layer.name}
        name={layer.name}
        small={<Ages slug={picture.slug} sources={picture.sources} nodes={names} source={layer.source} />}
        nodes={nodes}
        cell={(node) => <LayerCell layer={layer} picture={picture} node={node.name} />}
        below={between && <div className="below">{between}</div>}
      />
    );
  });
}
