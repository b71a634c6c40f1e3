// SPDX-License-Identifier: Apache-2.0
import type { Cluster, SimNode } from "@/sim/model/model";
import { renderRoutes } from "@/sim/text/routes";
import type { TreePart } from "./node-files";

/** `/proc/net/route` of a member: the nets of the rings, of which one carries the mirrors as well. */
export function routeParts(cluster: Cluster, node: SimNode): TreePart[] {
  const routes = cluster.rings.flatMap(({ interface: name, addresses }) => {
    const own = addresses[node.name];
    return own === undefined ? [] : [{ interface: name, address: own, prefixLength: 24 }];
  });
  if (routes.length === 0) return [];
  return [{ name: "routes", mark: node.bootId, files: () => ({ "/proc/net/route": { text: renderRoutes(routes) } }) }];
}
