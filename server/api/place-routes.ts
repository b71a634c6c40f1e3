// SPDX-License-Identifier: Apache-2.0
import type { Place, PlaceList } from "@/agent/protocol/console/api";
import { type Entity, keyOf, type View } from "@/agent/protocol/console/view";
import type { Route } from "./routes";

/** What a person can go to in a cluster, by name and with its state in words. */
export function placesOf(cluster: string, view: View): Place[] {
  const whole = view.get(keyOf.cluster);
  const isRecorded = whole?.kind === "cluster" && whole.recorded !== undefined;
  return [...view].flatMap(([key, entity]) => {
    const told = tell(entity);
    if (!told) return [];
    // What a recording says was true once: it never stands beside live states as if it were one.
    return [
      {
        cluster,
        key,
        ...told,
        ...(isRecorded && { level: "old" as const, says: `in the recording: ${told.says}`, isRecorded: true as const }),
      },
    ];
  });
}

function tell(entity: Entity): Omit<Place, "cluster" | "key"> | null {
  switch (entity.kind) {
    case "cluster":
      return { kind: "cluster", name: entity.title, level: entity.headline.level, says: entity.headline.word };
    case "node":
      return { kind: "node", name: entity.name, level: entity.state.level, says: entity.state.word };
    case "mirror": {
      const name = entity.volume === 0 ? entity.resource : `${entity.resource}/${entity.volume}`;
      return { kind: "mirror", name, level: entity.said.level, says: entity.said.word };
    }
    case "resource": {
      // What is inside a group is found where the group is.
      if (entity.parents.length > 0) return null;
      const nodes = [...new Set(entity.places.map(({ node }) => node))];
      // "Promoted on ruby" says already where.
      const where = nodes.length === 0 || entity.said.word.includes(" on ") ? "" : ` on ${nodes.join(", ")}`;
      return { kind: "service", name: entity.id, level: entity.said.level, says: `${entity.said.word}${where}` };
    }
    case "finding":
      return { kind: "finding", name: entity.title, level: entity.level, says: entity.why };
    default:
      return null;
  }
}

export const placeRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/places",
    needs: "viewer",
    async handle(c, deps) {
      const recordings = await deps.db.recordings.list();
      const places = [...deps.clusters(), ...recordings.map(({ slug }) => slug)].flatMap((slug) => {
        const view = deps.viewOf(slug);
        return view ? placesOf(slug, view) : [];
      });
      return c.json({ atMs: deps.now(), places } satisfies PlaceList);
    },
  },
];
