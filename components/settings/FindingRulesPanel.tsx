// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import type { UserRole } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { FindingRulesView } from "./FindingRulesView";

interface FindingRulesPanelProps {
  userRole: UserRole;
}

export function FindingRulesPanel(props: FindingRulesPanelProps) {
  return (
    <AskProvider>
      <Panel {...props} />
    </AskProvider>
  );
}

function Panel({ userRole }: FindingRulesPanelProps) {
  const change = useChange("finding-rules");
  const rules = useQuery({ queryKey: ["finding-rules"], queryFn: () => ask("GET", "/api/v1/findings/rules", answers.findingRules) });
  const clusters = useQuery({ queryKey: ["clusters"], queryFn: () => ask("GET", "/api/v1/clusters", answers.clusters) });
  return (
    <FindingRulesView
      mayAct={userRole === "admin"}
      rules={rules.data?.rules ?? null}
      clusters={clusters.data?.clusters ?? []}
      error={rules.error ?? clusters.error}
      onChange={(name, wanted) => change("PUT", `/api/v1/findings/rules/${encodeURIComponent(name)}`, wanted)}
    />
  );
}
