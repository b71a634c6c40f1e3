// SPDX-License-Identifier: Apache-2.0
import { keyOf, type View } from "@/agent/protocol/console/view";
import { clusterOf, every } from "@/server/findings/define";
import { defineGuard, type Found } from "../define";
import { CANNOT_TELL, isFence, isStanding } from "../look";

/** Pacemaker takes a change without quorum, and does nothing with it, or the wrong thing. */
export const clusterHasQuorum = defineGuard({
  name: "cluster-has-quorum",
  number: "3.8",
  check({ view }) {
    const quorum = clusterOf(view)?.pacemaker?.quorum;
    if (quorum?.level !== "bad") return [];
    const message =
      "The side that is heard has no quorum: the cluster would take the change and do nothing with it. Bring the other nodes back first.";
    return [{ level: "block", message, about: [keyOf.cluster] }];
  },
});

/** Whether there is a quorum is known. */
export const quorumIsKnown = defineGuard({
  name: "quorum-is-known",
  number: "3.8",
  check({ view }) {
    if (clusterOf(view)?.pacemaker?.quorum.level !== "unknown") return [];
    const message = `${CANNOT_TELL}whether there is a quorum is not known. Look at corosync-quorumtool on the nodes.`;
    return [{ level: "block", message, about: [keyOf.cluster] }];
  },
});

/** A node in standby keeps its vote; one that is shut down or fenced takes it along. */
export const othersKeepQuorum = defineGuard({
  name: "others-keep-quorum",
  number: "3.8",
  check(context): Found[] {
    const { view, touched } = context;
    const { from, isWholeNode } = touched;
    if (from === null || !isWholeNode) return [];
    const about = [keyOf.node(from)];
    const keeps: Found[] =
      isFence(context) || isStanding(context)
        ? []
        : [{ level: "inform", message: `${from} keeps its vote in standby, and can still be fenced.`, about }];
    const votes = votesWithout(view, from);
    if (votes === null || votes.left >= votes.needed) return keeps;
    const without = `Without ${from}'s vote the others have ${votes.left} of the ${votes.needed} that a quorum needs`;
    if (isFence(context)) {
      const message = `${without}: they would stop everything. Bring another node back first.`;
      return [{ level: "type", message, about }];
    }
    const message = `${without}: do not shut it down while it is so. Bring another node back first.`;
    return [...keeps, { level: "warn", message, about }];
  },
});

/** Votes that are left, and needed; null where Corosync does not say, or would not need them. */
function votesWithout(view: View, from: string): { left: number; needed: number } | null {
  for (const [, { corosync, said, names }] of every(view, "corosync")) {
    const { quorum, members } = corosync;
    if (said.level !== "ok" || !quorum || quorum.totalVotes === null || quorum.quorumVotes === null) continue;
    // Two nodes with this flag, or the last of many, go on alone.
    if (quorum.flags.some((flag) => ["2Node", "LastManStanding"].includes(flag))) return null;
    const own = members?.find(({ nodeId, name }) => name === from || names[String(nodeId)] === from);
    if (!own || own.votes === null) continue;
    return { left: quorum.totalVotes - own.votes, needed: quorum.quorumVotes };
  }
  return null;
}
