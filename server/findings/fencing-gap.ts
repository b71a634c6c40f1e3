// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every } from "./define";

/** A member that no fencing device is for: when it hangs, nobody can fence it. */
export const fencingGap = defineRule({
  name: "fencing-gap",
  doc: {
    area: "cluster",
    title: "No fencing device is for a node",
    means: "When it hangs nobody can fence it: what ran on it starts nowhere else.",
    levels: ["risk"],
    fires:
      "Every fencing device says by pcmk_host_list or pcmk_host_map whom it fences (or that it asks nobody: then all), and a member is in none of them; where the topology has levels for it, in none of their devices. Devices that are switched off do not count.",
    not: "Devices that are asked for their list (dynamic-list, status), or whose parameters come from templates or rules; levels for a pattern; a watchdog.",
    todo: "Give it a device, and test it.",
    needs: [101, 106],
  },
  find(view) {
    const devices = every(view, "resource").filter(([, { agent }]) => agent?.startsWith("stonith:") === true);
    if (devices.length === 0 || clusterOf(view)?.pacemaker?.fencing.level !== "ok") return [];
    const open = every(view, "node").filter(
      ([, { role, state, fence }]) =>
        role === "member" && state.level !== "unknown" && fence?.isKnown === true && !fence.hasWatchdog && fence.ways.length === 0,
    );
    if (open.length === 0) return [];
    const names = joinWords(open.map(([, { name }]) => name).sort(byName));
    const served = every(view, "node").flatMap(([, { name, fence }]) => (fence && fence.ways.length > 0 ? [name] : []));
    const can = served.length === 0 ? "nobody" : joinWords(served.sort(byName));
    return [
      {
        id: "fencing-gap",
        level: "risk" as const,
        title: `No fencing device is for ${names}`,
        headline: `no fencing device is for ${names}`,
        why: `${joinWords(devices.map(([, { id }]) => id).sort(byName))} fence ${can}. What runs on ${names} starts nowhere else when it hangs.`,
        todo: `Set up a device for ${names}, and test it: stonith_admin --reboot.`,
        about: [keyOf.cluster, ...open.map(([key]) => key), ...devices.map(([key]) => key)],
      },
    ];
  },
});
