// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every } from "./define";

/** The nodes that a device says it fences; null where it asks the device itself, or nobody: then it is not known here. */
function targetsOf(parameters: Readonly<Record<string, string>>): string[] | null {
  const { pcmk_host_check: check, pcmk_host_list: list, pcmk_host_map: map } = parameters;
  if ((check ?? (list || map ? "static-list" : "dynamic-list")) !== "static-list") return null;
  const names = (list ?? "").split(/[\s,;]+/);
  const mapped = (map ?? "").split(/[\s;]+/).map((one) => one.split(/[:=]/)[0] ?? "");
  return [...names, ...mapped].filter((name) => name !== "");
}

/** A member that no fencing device names: when it hangs, nobody can fence it. */
export const fencingGap = defineRule({
  name: "fencing-gap",
  doc: {
    area: "cluster",
    title: "No fencing device is for a node",
    means: "When it hangs nobody can fence it: what ran on it starts nowhere else.",
    levels: ["risk"],
    fires: "Every fencing device says by pcmk_host_list or pcmk_host_map whom it fences, and a member is in none of them.",
    not: "Devices that are asked for their list (dynamic-list), or whose parameters come from templates or rules: whom they fence is not read here. Nor is from where a device may run.",
    todo: "Give it a device, and test it.",
    needs: [101, 106],
  },
  find(view) {
    const devices = every(view, "resource").filter(([, { agent }]) => agent?.startsWith("stonith:") === true);
    if (devices.length === 0 || clusterOf(view)?.pacemaker?.fencing.level !== "ok") return [];
    const lists = devices.map(([, { parameters }]) => (parameters === undefined ? null : targetsOf(parameters)));
    if (lists.some((list) => list === null)) return [];
    const covered = new Set(lists.flatMap((list) => list ?? []));
    const open = every(view, "node").filter(
      ([, { name, role, state }]) => role === "member" && state.level !== "unknown" && !covered.has(name),
    );
    if (open.length === 0) return [];
    const names = joinWords(open.map(([, { name }]) => name).sort(byName));
    return [
      {
        id: "fencing-gap",
        level: "risk" as const,
        title: `No fencing device is for ${names}`,
        headline: `no fencing device is for ${names}`,
        why: `${joinWords(devices.map(([, { id }]) => id).sort(byName))} fence ${covered.size === 0 ? "nobody" : joinWords([...covered].sort(byName))}. What runs on ${names} starts nowhere else when it hangs.`,
        todo: `Set up a device for ${names}, and test it: stonith_admin --reboot.`,
        about: [keyOf.cluster, ...open.map(([key]) => key), ...devices.map(([key]) => key)],
      },
    ];
  },
});
