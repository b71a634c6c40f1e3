// SPDX-License-Identifier: Apache-2.0
import type { SimNode } from "@/sim/model/model";
import { renderZpoolList, renderZpoolStatus } from "@/sim/text/zpool";
import type { TreePart } from "./node-files";

export const hasZfs = ({ pools, absent }: SimNode): boolean => pools.length + absent.pools.length > 0;

/** That ZFS is loaded: the folder of its port layer. */
export function poolParts(node: SimNode): TreePart[] {
  if (!hasZfs(node)) return [];
  return [{ name: "spl", mark: node.bootId, files: () => ({ "/proc/spl/kmem/slab": { text: "" } }) }];
}

/** What zpool says. */
export function poolAnswers(node: SimNode): TreePart[] {
  if (!hasZfs(node)) return [];
  return [
    {
      name: "zpool",
      mark: JSON.stringify(node.pools),
      files: () => ({
        "/zpool-status": { text: renderZpoolStatus(node.pools) },
        "/zpool-list": { text: renderZpoolList(node.pools) },
      }),
    },
  ];
}
