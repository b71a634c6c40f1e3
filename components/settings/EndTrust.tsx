// SPDX-License-Identifier: Apache-2.0
import type { AgentList } from "@/agent/protocol/console/api";
import { ActDialog } from "./ActDialog";

interface EndTrustProps {
  agent: AgentList["agents"][number];
  onEndTrust: (id: string) => Promise<unknown>;
  onClose: () => void;
}

/** The question before an agent's trust ends: for good, so its node's name is typed. */
export function EndTrust({ agent, onEndTrust, onClose }: EndTrustProps) {
  const { node } = agent;
  return (
    <ActDialog
      title={`End trust in the agent on ${node}`}
      verb={`End trust in ${node}`}
      keep="Keep it"
      typed={node}
      onAct={() => onEndTrust(agent.id)}
      onClose={onClose}
    >
      <p className="d2">
        The console closes its link at once and never believes this key again. What {node} said leaves the pages; its history stays. To see{" "}
        {node} again, make a new command and enrol it anew.
      </p>
    </ActDialog>
  );
}
