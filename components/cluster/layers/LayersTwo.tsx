// SPDX-License-Identifier: Apache-2.0
import { Ages } from "../Ages";
import { Layer } from "../Layer";
import type { Picture } from "../picture";
import type { Place } from "./define";
import { LayerCell, layersAt } from "./LayerCell";

/** The layers at one place of the stack of two. */
export function LayersTwo({ picture, place, a, b }: { picture: Picture; place: Place; a: string; b: string }) {
  return layersAt(picture, place, [a, b]).map((layer) => (
    <Layer
      key={layer.name}
      kind="more"
      label={layer.name}
      name={layer.name}
      small={<Ages slug={picture.slug} sources={picture.sources} nodes={[a, b]} source={layer.source} />}
      a={<LayerCell layer={layer} picture={picture} node={a} />}
      x={layer.between(picture, [a, b])}
      b={<LayerCell layer={layer} picture={picture} node={b} />}
    />
  ));
}
