// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { said } from "./said";
import { formatDuration } from "./words";

/** A maintenance that somebody declared here; kept until it is over. */
export interface DeclaredMaintenance {
  /** Null: the whole cluster. */
  node: string | null;
  owner: string;
  note: string;
  startedAtMs: number;
  endsAtMs: number;
}

/** What is held still in the cluster now, with who declared it: switched on elsewhere it has no owner and no end. */
export function maintenanceEntities(
  view: ReadonlyMap<string, Entity>,
  declared: readonly DeclaredMaintenance[],
  nowMs: number,
): [string, EntityOf<"maintenance">][] {
  const cluster = view.get(keyOf.cluster);
  const held: (string | null)[] = [];
  const isOld = cluster?.kind === "cluster" && cluster.pacemaker?.quorum.level === "old";
  if (cluster?.kind === "cluster" && cluster.pacemaker?.maintenance) held.push(null);
  for (const entity of view.values()) if (entity.kind === "node" && entity.isInMaintenance) held.push(entity.name);
  return held.map((node) => {
    const own = declared.find((one) => one.node === node) ?? null;
    const owned = own && { owner: own.owner, note: own.note, startedAtMs: own.startedAtMs, endsAtMs: own.endsAtMs };
    return [keyOf.maintenance(node), { kind: "maintenance", node, declared: owned, said: isOld ? LAST_HEARD : judge(own, nowMs) }];
  });
}

const LAST_HEARD = said("old", "was in maintenance", "No node's Pacemaker can be read now: whether it still is, is not known.");

function judge(own: DeclaredMaintenance | null, nowMs: number): EntityOf<"maintenance">["said"] {
  if (own === null) return said("held", "maintenance", "It was switched on elsewhere: nobody said here why, or until when.");
  if (own.endsAtMs <= nowMs) {
    return said("risk", "maintenance is over time", `${own.owner} meant it to end ${formatDuration(nowMs - own.endsAtMs)} ago.`);
  }
  return said("held", "maintenance", `${own.owner}: ${own.note}`);
}
