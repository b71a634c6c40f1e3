// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import type { UserRole } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { SessionsView } from "./SessionsView";

export function SessionsPanel(props: { userRole: UserRole }) {
  return (
    <AskProvider>
      <Panel {...props} />
    </AskProvider>
  );
}

function Panel({ userRole }: { userRole: UserRole }) {
  const change = useChange("sessions");
  const sessions = useQuery({ queryKey: ["sessions"], queryFn: () => ask("GET", "/api/v1/sessions", answers.sessions) });
  return (
    <SessionsView
      userRole={userRole}
      sessions={sessions.data?.sessions ?? null}
      error={sessions.error}
      onEnd={(id) => change("DELETE", `/api/v1/sessions/${encodeURIComponent(id)}`)}
      onPassword={(words) => change("PUT", "/api/v1/password", words)}
    />
  );
}
