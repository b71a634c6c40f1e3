// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { NewWallKey } from "@/agent/protocol/console/people";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { WallsView } from "./WallsView";

export function WallsPanel() {
  return (
    <AskProvider>
      <Panel />
    </AskProvider>
  );
}

/** How often the screens are counted anew. Units: ms. */
const ASK_EVERY_MS = 5_000;

function Panel() {
  const queries = useQueryClient();
  const change = useChange("walls");
  const keys = useQuery({
    queryKey: ["walls"],
    queryFn: () => ask("GET", "/api/v1/wall-keys", answers.wallKeys),
    refetchInterval: ASK_EVERY_MS,
  });
  const clusters = useQuery({ queryKey: ["clusters"], queryFn: () => ask("GET", "/api/v1/clusters", answers.clusters) });
  const make = useMutation({
    mutationFn: (wanted: NewWallKey) => ask("POST", "/api/v1/wall-keys", answers.wallKeyMade, wanted),
    onSettled: () => queries.invalidateQueries({ queryKey: ["walls"] }),
  });
  return (
    <WallsView
      keys={keys.data?.keys ?? null}
      clusters={clusters.data?.clusters ?? []}
      error={keys.error ?? clusters.error}
      made={make.data ?? null}
      onMake={(wanted) => make.mutateAsync(wanted)}
      onRevoke={(id) => change("DELETE", `/api/v1/wall-keys/${encodeURIComponent(id)}`)}
    />
  );
}
