// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { createPicker, entityOf, entriesOf } from "@/components/live/store";
import { useLive } from "@/components/live/use-live";
import { NodeSettingsView } from "./NodeSettingsView";

export function NodeSettingsPanel(props: { slug: string; name: string }) {
  return (
    <AskProvider>
      <Panel {...props} />
    </AskProvider>
  );
}

/** How often the agent's own line is asked for; what is read on its node is pushed. Units: ms. */
const ASK_EVERY_MS = 5_000;

function Panel({ slug, name }: { slug: string; name: string }) {
  const change = useChange("agents");
  const agents = useQuery({
    queryKey: ["agents"],
    queryFn: () => ask("GET", "/api/v1/agents", answers.agents),
    refetchInterval: ASK_EVERY_MS,
  });
  const pickSources = useMemo(() => createPicker((_, slice) => entriesOf(slice, "source")), []);
  const pickCluster = useMemo(() => createPicker((_, slice) => entityOf(slice, "cluster", "cluster")), []);
  const sources = useLive(pickSources)
    .flat()
    .flatMap(([, source]) => (source.node === name ? [source] : []));
  const pickNode = useMemo(() => createPicker((_, slice) => entityOf(slice, "node", keyOf.node(name))), [name]);
  const [cluster] = useLive(pickCluster);
  const [node] = useLive(pickNode);
  const agent = agents.data?.agents.find((one) => one.cluster === slug && one.node === name && one.trustEndedAtMs === null);
  return (
    <NodeSettingsView
      slug={slug}
      name={name}
      cluster={cluster}
      sources={sources}
      node={node}
      agent={agents.data ? (agent ?? "none") : null}
      error={agents.error}
      onLabel={(id, label) => change("PUT", `/api/v1/agents/${encodeURIComponent(id)}`, { label })}
      onEndTrust={(id) => change("DELETE", `/api/v1/agents/${encodeURIComponent(id)}`)}
    />
  );
}
