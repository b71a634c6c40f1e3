// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AgentList, ClusterList, Enrollment, type NewCluster, type NewEnrollment } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { ask, Nothing } from "@/components/ask/ask";
import { NodesView } from "./NodesView";

export function NodesPanel() {
  return (
    <AskProvider>
      <Panel />
    </AskProvider>
  );
}

/** How often the list is asked for while it is looked at: a node that enrols should appear by itself. Units: ms. */
const ASK_EVERY_MS = 5_000;

function Panel() {
  const queries = useQueryClient();
  const agents = useQuery({ queryKey: ["agents"], queryFn: () => ask("GET", "/api/v1/agents", AgentList), refetchInterval: ASK_EVERY_MS });
  const clusters = useQuery({ queryKey: ["clusters"], queryFn: () => ask("GET", "/api/v1/clusters", ClusterList) });
  const enrol = useMutation({
    mutationFn: async ({ cluster, enrollment }: { cluster: NewCluster | null; enrollment: NewEnrollment }) => {
      if (cluster) {
        await ask("POST", "/api/v1/clusters", Nothing, cluster);
        await queries.invalidateQueries({ queryKey: ["clusters"] });
      }
      return ask("POST", "/api/v1/enrollments", Enrollment, enrollment);
    },
  });
  const endTrust = useMutation({
    mutationFn: (id: string) => ask("DELETE", `/api/v1/agents/${encodeURIComponent(id)}`, Nothing),
    onSettled: () => queries.invalidateQueries({ queryKey: ["agents"] }),
  });
  return (
    <NodesView
      agents={agents.data ?? null}
      agentsError={agents.error}
      clusters={clusters.data?.clusters ?? null}
      enrollment={enrol.data ?? null}
      enrolError={enrol.error ?? clusters.error}
      isEnrolling={enrol.isPending}
      onEnrol={(cluster, enrollment) => enrol.mutate({ cluster, enrollment })}
      endTrustError={endTrust.error}
      onEndTrust={endTrust.mutate}
    />
  );
}
