// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import type { UserRole } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { AlertsView } from "./AlertsView";

export function AlertsPanel({ userRole }: { userRole: UserRole }) {
  return (
    <AskProvider>
      <Panel userRole={userRole} />
    </AskProvider>
  );
}

/** What goes out changes by itself. Units: ms. */
const ASK_EVERY_MS = 5_000;
/** All of it stands under one name: a change of one part moves others. */
const NAME = "told";
const API = "/api/v1/alerts";

function Panel({ userRole }: { userRole: UserRole }) {
  const change = useChange(NAME);
  const isAdmin = userRole === "admin";
  const often = { refetchInterval: ASK_EVERY_MS };
  const alerts = useQuery({ queryKey: [NAME, "alerts"], queryFn: () => ask("GET", API, answers.alerts), ...often });
  const silences = useQuery({ queryKey: [NAME, "silences"], queryFn: () => ask("GET", `${API}/silences`, answers.silences), ...often });
  const sent = useQuery({ queryKey: [NAME, "sent"], queryFn: () => ask("GET", `${API}/sent`, answers.sent), ...often });
  const admins = { ...often, enabled: isAdmin };
  const receivers = useQuery({
    queryKey: [NAME, "receivers"],
    queryFn: () => ask("GET", `${API}/receivers`, answers.receivers),
    ...admins,
  });
  const routes = useQuery({ queryKey: [NAME, "routes"], queryFn: () => ask("GET", `${API}/routes`, answers.alertRoutes), ...admins });
  const at = (place: string, id?: string) => (id === undefined ? `${API}/${place}` : `${API}/${place}/${encodeURIComponent(id)}`);
  return (
    <AlertsView
      userRole={userRole}
      alerts={alerts.data?.alerts ?? null}
      silences={silences.data ?? null}
      sent={sent.data?.sent ?? null}
      receivers={receivers.data?.receivers ?? null}
      routes={routes.data?.routes ?? null}
      error={alerts.error ?? silences.error ?? sent.error ?? receivers.error ?? routes.error}
      onAcknowledge={(id, note) => change("PUT", `${API}/${encodeURIComponent(id)}/acknowledgement`, { note })}
      onTakeBack={(id) => change("DELETE", `${API}/${encodeURIComponent(id)}/acknowledgement`)}
      onSilence={(wanted) => change("POST", at("silences"), wanted)}
      onEndSilence={(id) => change("DELETE", at("silences", id))}
      onReceiver={(id, wanted) => change(id === undefined ? "POST" : "PUT", at("receivers", id), wanted)}
      onRemoveReceiver={(id) => change("DELETE", at("receivers", id))}
      onTest={(id) => ask("POST", `${at("receivers", id)}/test`, answers.receiverAnswer)}
      onRoute={(id, wanted) => change(id === undefined ? "POST" : "PUT", at("routes", id), wanted)}
      onRemoveRoute={(id) => change("DELETE", at("routes", id))}
    />
  );
}
