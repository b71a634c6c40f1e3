// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { UsersView } from "./UsersView";

export function UsersPanel(props: { user: string }) {
  return (
    <AskProvider>
      <Panel {...props} />
    </AskProvider>
  );
}

function Panel({ user }: { user: string }) {
  const change = useChange("users");
  const users = useQuery({ queryKey: ["users"], queryFn: () => ask("GET", "/api/v1/users", answers.users) });
  const at = (id: string) => `/api/v1/users/${encodeURIComponent(id)}`;
  return (
    <UsersView
      me={user}
      users={users.data?.users ?? null}
      error={users.error}
      onAdd={(added) => change("POST", "/api/v1/users", added)}
      onChange={(id, what) => change("PUT", at(id), what)}
      onRemove={(id) => change("DELETE", at(id))}
    />
  );
}
