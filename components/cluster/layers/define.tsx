// SPDX-License-Identifier: Apache-2.0
import type { ComponentType, ReactNode } from "react";
import type { EntityKind, EntityOf } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";
import type { Entry } from "@/components/live/store";
import type { Picture } from "../picture";

/** Where a layer stands: below the services, below the mirrors, or below the bonds. */
export type Place = "services" | "disks" | "network";

interface PartProps<K extends EntityKind> {
  slug: string;
  /** All of the cluster's, the same array while none of the kind changes. */
  entries: readonly Entry<K>[];
}

interface LayerOf<K extends EntityKind> {
  name: string;
  place: Place;
  /** Set where clients have it too: then it stands below their heads as well. */
  forClients?: boolean;
  source: SourceName;
  /** What is not there when it is not there: "rings" gives "no rings here". */
  what: string;
  kind: K;
  isAt: (entity: EntityOf<K>, node: string) => boolean;
  /** One node's part; a `memo`, so that it is drawn again only when an entity of its kind changes. */
  Cell: ComponentType<PartProps<K> & { node: string }>;
  /** What lies between the nodes, where something does; `nodes` is their names with blanks between. */
  Between?: ComponentType<PartProps<K> & { nodes: string }>;
}

/** One layer of the stack, drawn alike for two, three and many nodes. */
export interface StackLayer extends Pick<LayerOf<EntityKind>, "name" | "place" | "source" | "what"> {
  forClients: boolean;
  isEmpty(picture: Picture, node?: string): boolean;
  cell(picture: Picture, node: string): ReactNode;
  between(picture: Picture, nodes: readonly string[]): ReactNode;
}

export function defineLayer<K extends EntityKind>({
  name,
  place,
  forClients = false,
  source,
  what,
  kind,
  isAt,
  Cell,
  Between,
}: LayerOf<K>): StackLayer {
  return {
    name,
    place,
    forClients,
    source,
    what,
    isEmpty: (picture, node) => !picture.of(kind).some(([, entity]) => node === undefined || isAt(entity, node)),
    cell: (picture, node) => <Cell slug={picture.slug} entries={picture.of(kind)} node={node} />,
    between: (picture, nodes) => Between && <Between slug={picture.slug} entries={picture.of(kind)} nodes={nodes.join(" ")} />,
  };
}
