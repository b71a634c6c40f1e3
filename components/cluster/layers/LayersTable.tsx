// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { keyOf } from "@/agent/protocol/console/keys";
import { Age } from "@/components/live/Age";
import { clientsOf, membersOf, type Picture } from "../picture";
import type { Place } from "./define";
import { LayerCell, layersAt } from "./LayerCell";

/** The layers at one place of the stack of many nodes: one cell per node that has it or cannot read it. */
export function LayersTable({ picture, place }: { picture: Picture; place: Place | "clients" }) {
  const names = (place === "clients" ? clientsOf : membersOf)(picture.of("node")).map(({ name }) => name);
  return layersAt(picture, place, names).map((layer) => {
    const id = `${place === "clients" ? "clients" : "layer"}-${layer.name.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
    const isShown = (node: string) =>
      !layer.isEmpty(picture, node) || picture.sources.get(keyOf.source(node, layer.source))?.status === "failed";
    return (
      <section className="table-of" key={layer.name} aria-labelledby={id}>
        <h2 id={id}>
          {layer.name} {place === "clients" && <small>of the clients</small>}
        </h2>
        <div className="heads">
          {names.filter(isShown).map((node) => (
            <div key={node}>
              <p className="s12">
                <Link href={`/c/${picture.slug}/n/${node}`}>{node}</Link> <Age slug={picture.slug} of={keyOf.source(node, layer.source)} />
              </p>
              <LayerCell layer={layer} picture={picture} node={node} />
            </div>
          ))}
        </div>
        {layer.between(picture, names)}
      </section>
    );
  });
}
