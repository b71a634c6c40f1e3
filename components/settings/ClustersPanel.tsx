// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { ClustersView } from "./ClustersView";

export function ClustersPanel() {
  return (
    <AskProvider>
      <Panel />
    </AskProvider>
  );
}

function Panel() {
  const change = useChange("clusters", "agents");
  const clusters = useQuery({ queryKey: ["clusters"], queryFn: () => ask("GET", "/api/v1/clusters", answers.clusters) });
  const agents = useQuery({ queryKey: ["agents"], queryFn: () => ask("GET", "/api/v1/agents", answers.agents) });
  const at = (slug: string) => `/api/v1/clusters/${encodeURIComponent(slug)}`;
  return (
    <ClustersView
      clusters={clusters.data?.clusters ?? null}
      agents={agents.data?.agents ?? null}
      error={clusters.error ?? agents.error}
      onAdd={(cluster) => change("POST", "/api/v1/clusters", cluster)}
      onChange={(slug, words) => change("PUT", at(slug), words)}
      onRemove={(slug) => change("DELETE", at(slug))}
    />
  );
}
