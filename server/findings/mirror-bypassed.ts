// SPDX-License-Identifier: Apache-2.0
import { joinWords } from "@/server/cluster/words";
import { defineRule, every, mirrorName } from "./define";

/** The disk under a mirror in use beside the mirror: what is written there, DRBD does not see, and the peer never gets. */
export const mirrorBypassed = defineRule({
  name: "mirror-bypassed",
  doc: {
    area: "storage",
    title: "The disk under a mirror is used directly",
    means: "What is written past DRBD never reaches the peer, and nobody knows where the copies differ.",
    levels: ["bad"],
    fires:
      "The backing device of a mirror is mounted, swap stands on it, or a device of LVM, device mapper or md does: a volume group that was found on the disk and not on DRBD.",
    not: "The mirror's own device in use; another partition of the same disk; what the backing device itself stands on. A process that has the disk open without any of this is not seen.",
    todo: "Stop using it, then verify the mirror.",
    needs: [20, 22],
  },
  find(view) {
    const used = [
      ...every(view, "mount")
        .filter(([, { said }]) => said.level !== "old")
        .map(([key, entity]) => ({ key, entity, what: `${entity.mount.mountPoint} mounts`, device: entity.mount.device })),
      ...every(view, "swap")
        .filter(([, { said }]) => said.level !== "old")
        .map(([key, entity]) => ({ key, entity, what: "swap uses", device: entity.swap.device })),
    ];
    const above = every(view, "drbd").flatMap(([key, side]) => {
      const mirror = view.get(side.mirror);
      const { path, usedBy } = side.backing ?? { path: "", usedBy: [] };
      if (usedBy.length === 0 || mirror?.kind !== "mirror") return [];
      const name = mirrorName(mirror);
      const { node } = side.from;
      return [
        {
          id: `mirror-bypassed:${node}/${path}`,
          level: "bad" as const,
          title: `${node}: ${joinWords(usedBy)} ${usedBy.length === 1 ? "stands" : "stand"} on the disk under ${name} directly`,
          why: `${path} belongs to the mirror ${name}: DRBD does not see what is written there, so the copies differ and nobody knows where.`,
          todo: `Stop using it on ${node} (vgchange -an, mdadm --stop), have LVM's filter leave ${path} out, then verify ${name}.`,
          about: [key, side.mirror],
        },
      ];
    });
    const mounted = used.flatMap(({ key, entity: { bypasses, from }, what, device }) => {
      const mirror = bypasses === null ? undefined : view.get(bypasses);
      if (bypasses === null || mirror?.kind !== "mirror") return [];
      const name = mirrorName(mirror);
      return [
        {
          id: `mirror-bypassed:${from.node}/${device}`,
          level: "bad" as const,
          title: `${from.node}: ${what} the disk under ${name} directly`,
          why: `${device} belongs to the mirror ${name}: DRBD does not see what is written there, so the copies differ and nobody knows where.`,
          todo: `Stop using ${device} itself on ${from.node}, then verify ${name}.`,
          about: [key, bypasses],
        },
      ];
    });
    return [...mounted, ...above];
  },
});
