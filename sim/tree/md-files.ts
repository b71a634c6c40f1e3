// SPDX-License-Identifier: Apache-2.0
import { recoveryOf } from "@/sim/model/md-life";
import type { SimNode } from "@/sim/model/model";
import { renderMdstat } from "@/sim/text/mdstat";
import type { TreeFile, TreePart } from "./node-files";

const LEG_WORDS = { inSync: "in_sync", failed: "faulty", rebuilding: "spare" } as const;
const line = (value: string | number): TreeFile => ({ text: `${value}\n` });

/** md as the kernel shows it: the table, and each array's folder in sysfs. Nodes without arrays have not loaded it. */
export function mdParts(node: SimNode, atMs: number): TreePart[] {
  if (node.arrays.length + node.absent.arrays.length === 0) return [];
  const isMoving = node.arrays.some(({ recovery }) => recovery !== null);
  return [
    {
      name: "md",
      mark: `${isMoving ? Math.trunc(atMs / 1_000) : ""} ${JSON.stringify(node.arrays.map(({ legs, name }) => [name, legs]))}`,
      files: () => ({
        "/proc/mdstat": { text: renderMdstat(node.arrays.map((array) => ({ ...array, recovery: recoveryOf(array) }))) },
        ...Object.fromEntries(
          node.arrays.flatMap((array): [string, TreeFile][] => {
            const folder = `/sys/block/${array.name}/md`;
            const good = array.legs.filter(({ state }) => state === "inSync").length;
            return [
              [`/dev/disk/by-id/md-uuid-${array.uuid}`, { link: `../../${array.name}` }],
              [`${folder}/degraded`, line(array.legs.length - good)],
              [`${folder}/mismatch_cnt`, line(0)],
              [`${folder}/sync_action`, line(array.recovery ? "recover" : "idle")],
              [`${folder}/metadata_version`, line("1.2")],
              [`${folder}/bitmap/metadata`, line("internal")],
              ...array.legs.flatMap(({ device, state }, slot): [string, TreeFile][] => {
                const own = `${folder}/dev-${device.replaceAll("/", "!")}`;
                return [
                  [`${own}/slot`, line(slot)],
                  [`${own}/state`, line(LEG_WORDS[state])],
                ];
              }),
            ];
          }),
        ),
      }),
    },
  ];
}
