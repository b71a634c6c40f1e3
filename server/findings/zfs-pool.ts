// SPDX-License-Identifier: Apache-2.0
import { asSentence, joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";

/** A pool that lacks devices, waits, or has lost data. */
export const zfsPool = defineRule({
  name: "zfs-pool",
  doc: {
    area: "storage",
    title: "A ZFS pool is not whole",
    means: "It lacks devices, waits, or has lost data.",
    levels: ["bad", "risk"],
    fires: "zpool says DEGRADED, FAULTED, UNAVAIL or SUSPENDED, or names data errors.",
    not: "ONLINE, also while a scrub or resilver runs.",
    todo: "Follow the action that zpool status prints.",
    needs: [15, 112],
  },
  find: (view) =>
    every(view, "pool").flatMap(([key, { from, pool, said, devices }]) => {
      if (said.level !== "bad" && said.level !== "risk") return [];
      const odd = devices.filter((device) => !["ok", "busy", "held"].includes(device.said.level));
      const named = joinWords(odd.map(({ name, at, said: own }) => `${name}${at === null ? "" : ` at ${at}`} is ${own.word}`));
      return [
        {
          id: `zfs-pool:${from.node}/${pool.name}`,
          level: said.level,
          title: `${from.node}: pool ${pool.name}: ${said.word}`,
          why: [named === "" ? null : asSentence(named), said.why].filter((text) => text).join(" "),
          // ZFS's own advice, as it prints it.
          todo: pool.action ?? `zpool status -v ${pool.name} on ${from.node} says more.`,
          about: [key, ...odd.flatMap((device) => (device.key === null ? [] : [device.key]))],
        },
      ];
    }),
});
