// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import type { Picture } from "@/components/cluster/picture";
import { Age } from "@/components/live/Age";
import { Reading } from "@/components/live/Reading";
import { type NodeSection, SECTIONS } from "./node-sections";

/** What each source says on a node. One that is not on this node is named in the table of what is read, and has no part here. */
export function Sections({ picture, node, inRail = false }: { picture: Picture; node: string; inRail?: boolean }) {
  const { slug, sources } = picture;
  const isShown = (section: NodeSection) => {
    const source = sources.get(keyOf.source(node, section.source));
    if ((section.inRail ?? false) !== inRail || !source || source.status === "absent" || source.status === "pending") return false;
    const isBare = source.status === "ok" && source.unread.length === 0 && section.isEmpty(picture, node);
    return !(section.hides === true && isBare);
  };
  return SECTIONS.filter(isShown).map(({ title, source, what, isEmpty, Body }) => {
    const of = keyOf.source(node, source);
    const id = `n-${title.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
    return (
      <section key={title} aria-labelledby={id}>
        <h2 id={id}>
          <span>{title}</span> <Age slug={slug} of={of} />
        </h2>
        <Reading slug={slug} of={of} source={sources.get(of)} what={what} isEmpty={isEmpty(picture, node)} aged={false}>
          <Body picture={picture} node={node} />
        </Reading>
      </section>
    );
  });
}
