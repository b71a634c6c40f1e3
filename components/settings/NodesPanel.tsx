// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { NewCluster, NewEnrollment } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { NodesView } from "./NodesView";

export function NodesPanel() {
  return (
    <AskProvider>
      <Panel />
    </AskProvider>
  );
}

/** How often the lists are asked for while they are looked at: a node that enrols should appear by itself. Units: ms. */
const ASK_EVERY_MS = 5_000;

function Panel() {
  const queries = useQueryClient();
  const change = useChange("agents", "enrollments");
  const agents = useQuery({
    queryKey: ["agents"],
    queryFn: () => ask("GET", "/api/v1/agents", answers.agents),
    refetchInterval: ASK_EVERY_MS,
  });
  const open = useQuery({
    queryKey: ["enrollments"],
    queryFn: () => ask("GET", "/api/v1/enrollments", answers.enrollments),
    refetchInterval: ASK_EVERY_MS,
  });
  const clusters = useQuery({ queryKey: ["clusters"], queryFn: () => ask("GET", "/api/v1/clusters", answers.clusters) });
  const enrol = useMutation({
    mutationFn: async ({ cluster, enrollment }: { cluster: NewCluster | null; enrollment: NewEnrollment }) => {
      if (cluster) {
        await ask("POST", "/api/v1/clusters", answers.nothing, cluster);
        await queries.invalidateQueries({ queryKey: ["clusters"] });
      }
      return ask("POST", "/api/v1/enrollments", answers.enrollment, enrollment);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["enrollments"] }),
  });
  return (
    <NodesView
      agents={agents.data ?? null}
      agentsError={agents.error}
      open={open.data?.enrollments ?? null}
      openError={open.error}
      clusters={clusters.data?.clusters ?? null}
      enrollment={enrol.data ?? null}
      enrolError={enrol.error ?? clusters.error}
      isEnrolling={enrol.isPending}
      onEnrol={(cluster, enrollment) => enrol.mutate({ cluster, enrollment })}
      onEndTrust={(id) => change("DELETE", `/api/v1/agents/${encodeURIComponent(id)}`)}
      onWithdraw={(id) => change("DELETE", `/api/v1/enrollments/${encodeURIComponent(id)}`)}
    />
  );
}
