// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { defineGuard } from "../define";
import { members, nodeOf } from "../look";

/** While releases are mixed the DC stays: a newer one would rewrite the configuration in words that an older node may not read. */
export const dcStaysWhileMixed = defineGuard({
  name: "dc-stays-while-mixed",
  number: "3.7",
  check({ view, touched }) {
    if (!touched.isWholeNode || !nodeOf(view, touched.from)?.isDc) return [];
    const byRelease = new Map<string, string[]>();
    for (const { name, versions } of members(view)) {
      const version = versions?.find(({ what }) => what === "Pacemaker")?.version;
      if (!version) continue;
      const release = releaseOf(version);
      byRelease.set(release, [...(byRelease.get(release) ?? []), name]);
    }
    if (byRelease.size < 2) return [];
    const parts = joinWords([...byRelease].sort().map(([release, names]) => `${release} on ${joinWords(names)}`));
    const message = `${touched.from} is the DC, and Pacemaker's releases are mixed: ${parts}. Another node becomes DC and may write words that an older one cannot read. Let the others go first.`;
    return [{ level: "warn", message, about: [keyOf.node(touched.from ?? ""), keyOf.cluster] }];
  },
});

/** "2.1.5" of "1:2.1.5-1+deb12u1": a patch of the distribution is the same release. */
function releaseOf(version: string): string {
  return version.replace(/^\d+:/, "").split("-")[0] ?? version;
}
