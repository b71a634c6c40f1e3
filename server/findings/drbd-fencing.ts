// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every } from "./define";

/** Pacemaker promotes a mirror, and DRBD does not tell it when a copy has fallen behind: it can promote the older one. */
export const drbdFencing = defineRule({
  name: "drbd-fencing",
  doc: {
    area: "mirrors",
    title: "DRBD does not fence its peer",
    means: "Pacemaker may promote a copy that has fallen behind, because DRBD does not lock it.",
    levels: ["risk"],
    fires: "A mirror's fencing policy is dont-care, said by the settings that were read, while Pacemaker runs a DRBD agent.",
    not: "A cluster without Pacemaker, settings that were not read or do not name the policy, resource-only and resource-and-stonith.",
    todo: "Set fencing resource-and-stonith and the fence-peer handler, on all nodes.",
    needs: [5, 13],
  },
  find(view) {
    const pacemaker = clusterOf(view)?.pacemaker;
    const isManaged = every(view, "resource").some(([, { agent }]) => agent?.endsWith(":drbd") === true);
    if (!pacemaker || !isManaged) return [];
    const open = every(view, "drbd").filter(
      ([, { settings, said }]) => said.level !== "old" && settings?.connections.some(({ fencing }) => fencing === "dont-care") === true,
    );
    if (open.length === 0) return [];
    const names = [...new Set(open.map(([, { resource }]) => resource))].sort(byName);
    return [
      {
        id: "drbd-fencing",
        level: "risk" as const,
        title: `${joinWords(names)}: DRBD's fencing is dont-care`,
        why: "When the line is lost DRBD locks nothing: Pacemaker may promote the copy that has fallen behind.",
        todo: "Set fencing resource-and-stonith and the handler fence-peer (crm-fence-peer.sh; DRBD 9: crm-fence-peer.9.sh) on all nodes, then drbdadm adjust.",
        about: [...open.map(([key]) => key), keyOf.cluster],
      },
    ];
  },
});
