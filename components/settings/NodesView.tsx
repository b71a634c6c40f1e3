// SPDX-License-Identifier: Apache-2.0
import type { AgentList, ClusterList, Enrollment, EnrollmentList, NewCluster, NewEnrollment } from "@/agent/protocol/console/api";
import { Refusal } from "@/components/ask/Refusal";
import { AddNodeForm } from "./AddNodeForm";
import { AgentsTable } from "./AgentsTable";
import { Asked } from "./Asked";
import { EnrolSteps } from "./EnrolSteps";
import { OpenEnrollments } from "./OpenEnrollments";

export interface NodesViewProps {
  agents: AgentList | null;
  agentsError: Error | null;
  open: EnrollmentList["enrollments"] | null;
  openError: Error | null;
  clusters: ClusterList["clusters"] | null;
  enrollment: Enrollment | null;
  enrolError: Error | null;
  isEnrolling: boolean;
  onEnrol: (cluster: NewCluster | null, enrollment: NewEnrollment) => void;
  onEndTrust: (id: string) => Promise<unknown>;
  onWithdraw: (id: string) => Promise<unknown>;
}

/** The agents that this console trusts, and how to add one. */
export function NodesView(props: NodesViewProps) {
  const { agents, agentsError, open, openError, clusters, enrollment, enrolError, isEnrolling, onEnrol, onEndTrust, onWithdraw } = props;
  return (
    <>
      <h1>Nodes</h1>
      <section aria-labelledby="add">
        <h2 id="add">Add a node</h2>
        <p className="d2">
          One command on the node, good once and for an hour. It makes the agent's key there; only its public half comes here.
        </p>
        <AddNodeForm clusters={clusters} isEnrolling={isEnrolling} onEnrol={onEnrol} />
        <Refusal error={enrolError} />
        {enrollment && <EnrolSteps enrollment={enrollment} />}
        <Refusal error={openError} />
        {open !== null && open.length > 0 && <OpenEnrollments open={open} onWithdraw={onWithdraw} />}
      </section>
      <section aria-labelledby="agents">
        <h2 id="agents">Agents</h2>
        <Asked answer={agents} error={agentsError}>
          {(list) => <AgentsTable agents={list} clusters={clusters ?? []} onEndTrust={onEndTrust} />}
        </Asked>
      </section>
    </>
  );
}
