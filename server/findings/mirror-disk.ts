// SPDX-License-Identifier: Apache-2.0
import { defineRule, every } from "./define";

/** DRBD runs without its disk on a node that is heard. */
export const mirrorDisk = defineRule({
  name: "mirror-disk",
  find(view) {
    return every(view, "drbd").flatMap(([key, side]) => {
      if (side.said.level !== "bad" || side.device.unconfigured || side.said.word === "I/O suspended") return [];
      const { node } = side.from;
      const isFailed = side.device.disk === "Failed";
      return [
        {
          id: `mirror-disk:${side.resource}/${side.volume}@${node}`,
          level: "risk" as const,
          title: isFailed ? `${node}'s disk under ${side.resource} failed` : `${node} has no disk under ${side.resource}`,
          why: side.said.why ?? "",
          todo: `Look for disk errors in ${node}'s kernel log; when the disk is good again: drbdadm attach ${side.resource}.`,
          about: [key, side.mirror],
        },
      ];
    });
  },
});

/** DRBD holds all I/O. */
export const mirrorSuspended = defineRule({
  name: "mirror-suspended",
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
