// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import { DropZone } from "@/components/commands/DropZone";
import { Reading } from "@/components/live/Reading";
import type { Entry } from "@/components/live/store";
import type { Picture } from "./picture";
import { ServiceList } from "./ServiceList";
import { serviceRows, servicesOn, speakerFor } from "./services";

/** A node's services. They are one node's testimony for the whole cluster; where there is none, the node's own reading says why. */
export function ServicesAt(
  props: Pick<Picture, "slug" | "sources"> & { resources: readonly Entry<"resource">[]; node: string; isSilent: boolean },
) {
  const { slug, sources, resources, node, isSilent } = props;
  const from = resources[0]?.[1].from;
  const of = from ? keyOf.source(from.node, from.source) : keyOf.source(node, "pacemaker");
  const here = servicesOn(serviceRows(resources), node);
  return (
    <>
      <Reading
        slug={slug}
        of={of}
        source={sources.get(of)}
        what={from ? "service" : "services"}
        isEmpty={!from}
        aged={false}
        unread={false}
      >
        <ServiceList rows={here} node={node} speaker={speakerFor(resources, node, isSilent)} />
      </Reading>
      <DropZone node={node} />
    </>
  );
}
