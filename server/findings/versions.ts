// SPDX-License-Identifier: Apache-2.0
import { joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";

/** The module in the kernel is not the one on disk: the next boot, or the next reload, brings another DRBD. */
export const drbdReload = defineRule({
  name: "drbd-reload",
  doc: {
    area: "nodes",
    title: "Another DRBD module is on disk",
    means: "The next boot brings another version.",
    levels: ["busy"],
    fires: "The loaded module is not the one that modinfo finds.",
    not: "A node that does not say one of the two.",
    todo: "Finish the upgrade while the copies are in sync.",
    needs: [2, 10],
  },
  find(view) {
    return every(view, "node").flatMap(([key, { name, versions }]) => {
      const row = versions?.find(({ what }) => what === "DRBD module");
      const installed = /^(\S+) is installed/.exec(row?.differs ?? "")?.[1];
      if (!row?.version || installed === undefined) return [];
      return [
        {
          id: `drbd-reload:${name}`,
          level: "busy" as const,
          title: `${name} runs DRBD ${row.version}, but ${installed} is installed`,
          why: "An upgrade was begun: the next boot loads the other module.",
          todo: "Finish it while the other copies are in sync: move the services away, then reload the module or reboot.",
          about: [key],
        },
      ];
    });
  },
});

/** "2.1.5" of "1:2.1.5-1+deb12u1": a patch of the distribution is the same release. */
function releaseOf(version: string): string {
  return version.replace(/^\d+:/, "").split("-")[0] ?? version;
}

/** Members run several releases of Pacemaker: a newer DC rewrites the CIB in words that an older one may not read. */
export const mixedPacemaker = defineRule({
  name: "mixed-pacemaker",
  doc: {
    area: "cluster",
    title: "Different Pacemaker releases",
    means: "A newer DC rewrites the configuration in words that an older node may not read.",
    levels: ["risk"],
    fires: "Members have different releases.",
    not: "Patches of one release, and clients.",
    todo: "Finish the upgrade, the DC last.",
    needs: [76, 77, 95],
  },
  find(view) {
    const releases = new Map<string, string[]>();
    for (const [, { name, role, versions }] of every(view, "node")) {
      const version = versions?.find(({ what }) => what === "Pacemaker")?.version;
      if (role !== "member" || !version) continue;
      releases.set(releaseOf(version), [...(releases.get(releaseOf(version)) ?? []), name]);
    }
    if (releases.size < 2) return [];
    const parts = [...releases].sort().map(([release, names]) => `${release} on ${joinWords(names)}`);
    return [
      {
        id: "mixed-pacemaker",
        level: "risk" as const,
        title: "Nodes run different Pacemaker releases",
        headline: "nodes run different Pacemaker releases",
        why: `${joinWords(parts)}. A newer DC rewrites the configuration in words that an older node may not read.`,
        todo: "Finish the upgrade, the DC last; do not take the DC down while releases are mixed.",
        about: ["cluster", ...[...releases.values()].flat().map((name) => `node:${name}`)],
      },
    ];
  },
});
