// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { defineRule, every } from "./define";

/** DRBD runs without its disk on a node that is heard. */
export const mirrorDisk = defineRule({
  name: "mirror-disk",
  doc: {
    area: "mirrors",
    title: "DRBD runs without its disk",
    means:
      "Diskless or Failed: the node reads and writes over the line. The backing device is named where the settings say it, and whether it is there is said where sysfs can tell.",
    levels: ["risk"],
    fires: "A node that is heard says Diskless or Failed.",
    not: "A diskless client by intent (DRBD 9), an unconfigured minor.",
    todo: "Find the disk; then drbdadm attach.",
    needs: [15, 25],
  },
  find(view) {
    return every(view, "drbd").flatMap(([key, side]) => {
      if (side.said.level !== "bad" || side.device.unconfigured || side.said.word === "I/O suspended") return [];
      const { node } = side.from;
      const isFailed = side.device.disk === "Failed";
      const backing = side.settings?.volumes.find(({ volume }) => volume === side.volume)?.backingDevice ?? null;
      const where = backing === null ? "" : ` Its backing device is ${backing}${sayThere(side)}`;
      return [
        {
          id: `mirror-disk:${side.resource}/${side.volume}@${node}`,
          level: "risk" as const,
          title: isFailed ? `${node}'s disk under ${side.resource} failed` : `${node} has no disk under ${side.resource}`,
          why: `${side.said.why ?? ""}${where}`.trim(),
          todo: `See whether ${backing ?? "its disk"} is there on ${node} (a pool or volume group may not have come up at boot), and for disk errors in its kernel log; when it is good again: drbdadm attach ${side.resource}.`,
          about: [key, side.mirror],
        },
      ];
    });
  },
});

function sayThere({ backing }: EntityOf<"drbd">): string {
  if (!backing) return ".";
  return backing.isThere ? ", which is there." : `. ${backing.why ?? "It is not there."}`;
}

/** DRBD holds all I/O. */
export const mirrorSuspended = defineRule({
  name: "mirror-suspended",
  doc: {
    area: "mirrors",
    title: "I/O is suspended",
    means: "DRBD holds all I/O of the device: everything that uses it waits.",
    levels: ["bad"],
    fires: "The kernel says that I/O is suspended (8.x: the second flag is s; 9: suspended).",
    not: "A suspended activity log alone, and a side whose reading is old.",
    todo: "Find out what suspended it; resume only when the peer is known to be outdated or fenced.",
    needs: [25],
  },
  find(view) {
    return every(view, "drbd").flatMap(([key, side]) =>
      side.said.word === "I/O suspended"
        ? [
            {
              id: `mirror-suspended:${side.resource}/${side.volume}@${side.from.node}`,
              level: "bad" as const,
              title: `I/O of ${side.resource} on ${side.from.node} is suspended`,
              why: `${side.said.why ?? ""} Everything that uses it waits.`.trim(),
              todo: "Find out what suspended it; drbdadm resume-io lets it go on when the peer is known to be outdated or fenced.",
              about: [key, side.mirror],
            },
          ]
        : [],
    );
  },
});
