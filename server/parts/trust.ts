// SPDX-License-Identifier: Apache-2.0
import type { Auth } from "@/server/auth/auth";
import type { NodeFacts } from "@/server/cluster/facts";
import type { Agent } from "@/server/db/agents";
import { wallSessionId } from "@/server/feed/feed";
import type { Inflow } from "./inflow";

/** What is enrolled is a node of the fleet; whose trust or session ends is cut off at once. */
export function followTrust(auth: Auth, { fleet, hub, feed }: Pick<Inflow, "fleet" | "hub" | "feed">): void {
  auth.agents.onEnrolled((agent) => fleet.putNode(agent.cluster, newNode(agent)));
  auth.agents.onLabelled(({ cluster, node, label }) => fleet.label(cluster, node, label));
  auth.agents.onTrustEnded((agent) => {
    hub.end(agent.id);
    if (fleet.factsOf(agent.cluster)?.nodes.get(agent.node)?.agentId === agent.id) fleet.removeNode(agent.cluster, agent.node);
  });
  auth.onWallsEnded((ids) => {
    const over = new Set(ids.map(wallSessionId));
    feed.close((id) => over.has(id), "sessionEnded");
  });
  auth.onSessionEnded(({ sessionIds, reason }) => feed.close((id) => sessionIds.has(id), reason));
}

function newNode({ id, node, role, agentVersion, label }: Agent): NodeFacts {
  return {
    agentId: id,
    node,
    role,
    agentVersion,
    label,
    connected: false,
    lastWordAtMs: null,
    connectedChangedAtMs: null,
    clockOffsetMs: 0,
    sources: {},
    kernelLines: [],
  };
}
