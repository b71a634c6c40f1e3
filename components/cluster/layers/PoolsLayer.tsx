// SPDX-License-Identifier: Apache-2.0
import { memo } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Entry } from "@/components/live/store";
import { formatBytes } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { Legs } from "./ArraysLayer";
import { defineLayer } from "./define";

/** ZFS pools: each with its devices and where they lead. */
export const poolsLayer = defineLayer({
  name: "Pools",
  place: "disks",
  forClients: true,
  source: "zfs",
  what: "ZFS pools",
  kind: "pool",
  isAt: ({ from }, node) => from.node === node,
  Cell: memo(function PoolsCell({ entries, node }: { entries: readonly Entry<"pool">[]; node: string }) {
    return <ul className="disks">{entries.map(([key, entity]) => entity.from.node === node && <PoolLine key={key} entity={entity} />)}</ul>;
  }),
});

function PoolLine({ entity: { pool, said, devices } }: { entity: EntityOf<"pool"> }) {
  return (
    <li>
      <p className="disk">
        <span>
          <code>{pool.name}</code>{" "}
          <span className="d3">{["zfs", pool.sizeBytes !== null && formatBytes(pool.sizeBytes)].filter(Boolean).join(", ")}</span>
        </span>
        <StateWord small said={said} />
      </p>
      <Legs legs={devices} />
    </li>
  );
}
