// SPDX-License-Identifier: Apache-2.0
"use client";
import { type FormEvent, useState } from "react";
import type { AgentList } from "@/agent/protocol/console/api";
import { When } from "@/components/live/Age";
import { readForm } from "@/components/session/read-form";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/EmptyState";
import { Field } from "@/components/ui/Field";
import { formatDuration } from "@/components/ui/format";
import { StateWord, type Worded } from "@/components/ui/StateWord";

type Agent = AgentList["agents"][number];

const LINKS: Record<Agent["link"], Worded> = {
  live: { level: "ok", word: "heard" },
  stale: { level: "old", word: "late" },
  lost: { level: "old", word: "silent" },
  recorded: { level: "absent", word: "recorded" },
  never: { level: "unknown", word: "never heard" },
};

/** Every agent, with its last word; ending its trust asks for its node's name. */
export function AgentsTable({ agents, onEndTrust }: { agents: AgentList; onEndTrust: (id: string) => void }) {
  const [ending, setEnding] = useState<string | null>(null);
  if (agents.agents.length === 0)
    return (
      <EmptyState title="No agent yet">
        <p>Add a node above and run its command there.</p>
      </EmptyState>
    );
  return (
    <div className="scroll">
      <table className="p">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Cluster</th>
            <th scope="col">Link</th>
            <th scope="col">Last word</th>
            <th scope="col">Agent</th>
            <th scope="col">Enrolled</th>
            <th scope="col">Trust</th>
          </tr>
        </thead>
        <tbody>
          {agents.agents.map((agent) => (
            <tr key={agent.id}>
              <th scope="row">
                {agent.node}
                <small>{agent.role}</small>
              </th>
              <td>{agent.cluster}</td>
              <td>{agent.trustEndedAtMs === null ? <StateWord said={LINKS[agent.link]} /> : <span className="d3">closed</span>}</td>
              <td>
                {agent.lastWordAtMs === null ? (
                  <span className="d3">none yet</span>
                ) : (
                  <>
                    <When atMs={agent.lastWordAtMs} />
                    {agent.ageMs !== null && <small>{formatDuration(agent.ageMs)} ago</small>}
                  </>
                )}
              </td>
              <td>{agent.agentVersion ?? <span className="d3">not said</span>}</td>
              <td>
                <When atMs={agent.enrolledAtMs} />
              </td>
              <td>
                <Trust
                  agent={agent}
                  isEnding={ending === agent.id}
                  onAsk={() => setEnding(agent.id)}
                  onKeep={() => setEnding(null)}
                  onEnd={() => {
                    setEnding(null);
                    onEndTrust(agent.id);
                  }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TrustProps {
  agent: Agent;
  isEnding: boolean;
  onAsk: () => void;
  onKeep: () => void;
  onEnd: () => void;
}

function Trust({ agent, isEnding, onAsk, onKeep, onEnd }: TrustProps) {
  const [typed, setTyped] = useState("");
  if (agent.trustEndedAtMs !== null)
    return (
      <span className="d3">
        ended <When atMs={agent.trustEndedAtMs} />
      </span>
    );
  if (!isEnding)
    return (
      <Button small onClick={onAsk} aria-label={`End trust in the agent on ${agent.node}…`}>
        End trust…
      </Button>
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (readForm(event.currentTarget)("name") === agent.node) onEnd();
  };
  return (
    <form className="end-trust" onSubmit={submit} aria-label={`End trust in the agent on ${agent.node}`}>
      <p className="d2">
        The console closes its link at once and never believes this key again. {agent.node} then shows as silent until it is enrolled anew.
      </p>
      <Field
        label={`Type ${agent.node} to confirm`}
        name="name"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button small prime type="submit" disabled={typed !== agent.node}>
        End trust in {agent.node}
      </Button>{" "}
      <Button small onClick={onKeep}>
        Keep it
      </Button>
    </form>
  );
}
