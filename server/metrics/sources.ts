// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { entitiesOf, gauge, isCurrent, type Metrics } from "./define";

const OF_NODE = ["cluster", "node"] as const;
const OF_SOURCE = [...OF_NODE, "source"] as const;
const agentUp = gauge(
  "quarterdeck_agent_up",
  "1 while the node's agent is heard in time; 0 when it is late, lost or was never heard",
  OF_NODE,
);
const agentAge = gauge("quarterdeck_agent_silence_seconds", "Seconds since the agent's last word; no sample before the first", OF_NODE);
const agentInfo = gauge("quarterdeck_agent_info", "What runs there; value is always 1", [...OF_NODE, "role", "version"]);
const sourceUp = gauge(
  "quarterdeck_source_up",
  "1 while the source is read in time and well, so that its values are told; else 0, and nothing of it is told",
  OF_SOURCE,
);
const sourceState = gauge(
  "quarterdeck_source_state",
  "How the source stands: ok, absent (not on this node), failed (there, and could not be read), late, lost (its agent is), or pending; value is always 1",
  [...OF_SOURCE, "state"],
);
const sourceAge = gauge(
  "quarterdeck_source_age_seconds",
  "Seconds since it was last read well, or, where it is absent, since it was last looked for; no sample where it never was",
  OF_SOURCE,
);
const sourceUnread = gauge(
  "quarterdeck_source_unread_parts",
  "Parts of the source that could not be read although the rest could",
  OF_SOURCE,
);
const success = gauge(
  "ha_cluster_scrape_success",
  "Whether a collector succeeded; here: whether this node's source was read in time and well. No sample where there is nothing to read",
  ["cluster", "instance", "collector"],
);

/** The exporter's collectors, which are sources of the same names here. */
const COLLECTORS: ReadonlySet<string> = new Set(["pacemaker", "corosync", "drbd"]);

function stateOf({ status, freshness }: EntityOf<"source">): string {
  if (status === "pending" || freshness === "never") return "pending";
  if (freshness === "lost") return "lost";
  if (freshness !== "live") return "late";
  return status;
}

/** Whole milliseconds; a clock that was set back makes nothing younger than now. */
const secondsSince = (atMs: number | null, nowMs: number) => (atMs === null ? null : Math.max(0, nowMs - atMs) / 1_000);

export const sources: Metrics = {
  title: "Freshness",
  families: [agentUp, agentAge, agentInfo, sourceUp, sourceState, sourceAge, sourceUnread, success],
  samplesOf: ({ facts: { slug: cluster, nodes }, view }, nowMs) => [
    ...entitiesOf(view, "node").flatMap(({ entity: { name: node, role, link, lastWordAtMs, agentVersion } }) => {
      // Pacemaker tells of nodes that have no agent: one that was never asked for is not down.
      if (!nodes.has(node)) return [];
      return [
        ...agentUp.of({ cluster, node }, link === "live"),
        ...agentAge.of({ cluster, node }, secondsSince(lastWordAtMs, nowMs)),
        ...agentInfo.of({ cluster, node, role, version: agentVersion ?? "" }, 1),
      ];
    }),
    ...entitiesOf(view, "source").flatMap(({ entity }) => {
      const { node, source, status, okAtMs, takenAtMs, unread } = entity;
      const of = { cluster, node, source };
      const isRead = isCurrent(view, entity);
      const hasCollector = COLLECTORS.has(source) && status !== "absent" && status !== "pending";
      return [
        ...sourceUp.of(of, isRead),
        ...sourceState.of({ ...of, state: stateOf(entity) }, 1),
        ...sourceAge.of(of, secondsSince(status === "absent" ? takenAtMs : okAtMs, nowMs)),
        ...sourceUnread.of(of, isRead ? unread.length : null),
        ...(hasCollector ? success.of({ cluster, instance: node, collector: source }, isRead) : []),
      ];
    }),
  ],
};
