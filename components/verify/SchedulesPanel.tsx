// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import type { UserRole } from "@/agent/protocol/console/api";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import type { LiveVerifies } from "./live-mirrors";
import { mirrorId } from "./progress";
import { SchedulesView } from "./SchedulesView";

interface SchedulesPanelProps {
  user: string;
  userRole: UserRole;
  live: readonly LiveVerifies[];
}

const PATH = "/api/v1/verify/schedules";

export function SchedulesPanel({ user, userRole, live }: SchedulesPanelProps) {
  const change = useChange("verify-schedules", "verify-calendar", "verify");
  const schedules = useQuery({ queryKey: ["verify-schedules"], queryFn: () => ask("GET", PATH, answers.verifySchedules) });
  const at = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
  const clusters = live
    .filter(({ isRecording }) => !isRecording)
    .map(({ slug, title, mirrors }) => ({ slug, title, mirrors: mirrors.map(([, mirror]) => mirrorId(mirror)) }));
  return (
    <SchedulesView
      me={user}
      userRole={userRole}
      clusters={clusters}
      schedules={schedules.data?.schedules ?? null}
      error={schedules.error}
      onAdd={(wanted) => change("POST", PATH, wanted)}
      onChange={(id, wanted) => change("PUT", at(id), wanted)}
      onRemove={(id) => change("DELETE", at(id))}
    />
  );
}
