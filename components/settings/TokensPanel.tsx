// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { UserRole } from "@/agent/protocol/console/api";
import type { NewApiToken } from "@/agent/protocol/console/people";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { TokensView } from "./TokensView";

interface TokensPanelProps {
  user: string;
  userRole: UserRole;
}

export function TokensPanel(props: TokensPanelProps) {
  return (
    <AskProvider>
      <Panel {...props} />
    </AskProvider>
  );
}

function Panel({ user, userRole }: TokensPanelProps) {
  const queries = useQueryClient();
  const change = useChange("tokens");
  const isAdmin = userRole === "admin";
  const tokens = useQuery({ queryKey: ["tokens"], queryFn: () => ask("GET", "/api/v1/tokens", answers.tokens) });
  const users = useQuery({ queryKey: ["users"], queryFn: () => ask("GET", "/api/v1/users", answers.users), enabled: isAdmin });
  const make = useMutation({
    mutationFn: (wanted: NewApiToken) => ask("POST", "/api/v1/tokens", answers.tokenMade, wanted),
    onSettled: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const active = users.data?.users.filter(({ disabledAtMs }) => disabledAtMs === null);
  return (
    <TokensView
      me={user}
      userRole={userRole}
      owners={active ?? [{ name: user, role: userRole }]}
      tokens={tokens.data?.tokens ?? null}
      error={tokens.error ?? users.error}
      made={make.data ?? null}
      onMake={(wanted) => make.mutateAsync(wanted)}
      onRevoke={(id) => change("DELETE", `/api/v1/tokens/${encodeURIComponent(id)}`)}
    />
  );
}
