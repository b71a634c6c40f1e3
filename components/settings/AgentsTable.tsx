// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import { useState } from "react";
import type { AgentList, ClusterList } from "@/agent/protocol/console/api";
import { When } from "@/components/live/Age";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { EmptyState } from "@/components/ui/EmptyState";
import { Env } from "@/components/ui/Env";
import { formatDuration } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { Act } from "./Act";
import { EndTrust } from "./EndTrust";
import { LINKS } from "./links";

type Agent = AgentList["agents"][number];

interface AgentsTableProps {
  agents: AgentList;
  clusters: ClusterList["clusters"];
  onEndTrust: (id: string) => Promise<unknown>;
}

/** Every agent, with its last word; ending its trust asks for its node's name. */
export function AgentsTable({ agents: { agents }, clusters, onEndTrust }: AgentsTableProps) {
  const [ending, setEnding] = useState<Agent | null>(null);
  const trusted = agents.filter(({ trustEndedAtMs }) => trustEndedAtMs === null);
  const ended = agents.filter(({ trustEndedAtMs }) => trustEndedAtMs !== null);
  return (
    <>
      {trusted.length === 0 ? (
        <EmptyState title="No agent yet">
          <p>Add a node above and run its command there.</p>
        </EmptyState>
      ) : (
        <table className="p cards">
          <ColumnHeads names={["Node", "Cluster", "Link", "Last word", "Agent", "Enrolled"]} acts />
          <tbody>
            {trusted.map((agent) => (
              <tr key={agent.id}>
                <th scope="row">
                  <Link className="go" href={`/settings/nodes/${agent.cluster}/${encodeURIComponent(agent.node)}`}>
                    {agent.node}
                  </Link>
                  <small>{[agent.label, agent.role].filter(Boolean).join(", ")}</small>
                </th>
                <td data-th="Cluster">
                  <ClusterName slug={agent.cluster} clusters={clusters} />
                </td>
                <td data-th="Link">
                  <StateWord said={LINKS[agent.link]} />
                </td>
                <td data-th="Last word">
                  <LastWord agent={agent} />
                </td>
                <td data-th="Agent">{agent.agentVersion ?? <span className="d3">not said</span>}</td>
                <td data-th="Enrolled">
                  <When atMs={agent.enrolledAtMs} />
                  {agent.enrolledBy !== null && <small>by {agent.enrolledBy}</small>}
                </td>
                <td className="acts">
                  <Act word="End trust…" label={`End trust in the agent on ${agent.node}…`} onClick={() => setEnding(agent)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {ended.length > 0 && <Ended agents={ended} />}
      {ending && <EndTrust agent={ending} onEndTrust={onEndTrust} onClose={() => setEnding(null)} />}
    </>
  );
}

function ClusterName({ slug, clusters }: { slug: string; clusters: ClusterList["clusters"] }) {
  const cluster = clusters.find((one) => one.slug === slug);
  return (
    <span>
      {cluster?.title ?? slug} <Env environment={cluster?.environment ?? null} />
    </span>
  );
}

export function LastWord({ agent: { lastWordAtMs, ageMs } }: { agent: Agent }) {
  if (lastWordAtMs === null) return <span className="d3">none yet</span>;
  return (
    <>
      <When atMs={lastWordAtMs} />
      {ageMs !== null && <small>{formatDuration(ageMs)} ago</small>}
    </>
  );
}

/** Agents that are not trusted any more: kept, because events came from them. */
function Ended({ agents }: { agents: readonly Agent[] }) {
  return (
    <details className="ended">
      <summary>Trust ended: {agents.length}</summary>
      <ul>
        {agents.map(({ id, node, cluster, trustEndedAtMs }) => (
          <li key={id}>
            {node} in {cluster}, {trustEndedAtMs !== null && <When atMs={trustEndedAtMs} />}
          </li>
        ))}
      </ul>
    </details>
  );
}
