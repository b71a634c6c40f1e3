// SPDX-License-Identifier: Apache-2.0
"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useChange } from "@/components/ask/use-change";
import { createPicker } from "@/components/live/store";
import { useLive } from "@/components/live/use-live";
import { CalendarPanel } from "./CalendarPanel";
import { markOf, selectVerifies } from "./live-mirrors";
import { SchedulesPanel } from "./SchedulesPanel";
import { VerifyView } from "./VerifyView";
import { readFilter, type VerifyFilter, writeFilter } from "./verify-filter";

/** How often what is asked for is asked again while nothing pushed says that it moved: refusals change by themselves. Units: ms. */
const ASK_EVERY_MS = 15_000;

interface VerifyPanelProps {
  user: string;
  userRole: UserRole;
}

export function VerifyPanel(props: VerifyPanelProps) {
  return (
    <AskProvider>
      <Panel {...props} />
    </AskProvider>
  );
}

/** Which part of the page is shown, the filters and the opened row live in the address: what one sees can be sent to somebody. */
function Panel({ user, userRole }: VerifyPanelProps) {
  const params = useSearchParams();
  const change = useChange("verify");
  const pick = useMemo(() => createPicker(selectVerifies), []);
  const live = useLive(pick);
  const overview = useQuery({
    queryKey: ["verify", markOf(live)],
    queryFn: () => ask("GET", "/api/v1/verify", answers.verifies),
    placeholderData: keepPreviousData,
    refetchInterval: ASK_EVERY_MS,
  });
  const filter = readFilter(params);
  const go = (next: VerifyFilter, more: Readonly<Record<string, string>>) => {
    const query = writeFilter(next, more);
    window.history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
  };
  const part = params.get("part");
  return (
    <VerifyView
      userRole={userRole}
      overview={overview.data ?? null}
      error={overview.error}
      live={live}
      filter={filter}
      open={params.get("open")}
      part={part === "calendar" || part === "schedules" ? part : "mirrors"}
      onFilter={(next) => go(next, {})}
      onOpen={(mirror) => go(filter, mirror === null ? {} : { open: mirror })}
      onQueue={(wanted) => change("POST", "/api/v1/verify/queue", wanted)}
      onUnqueue={(id) => change("DELETE", `/api/v1/verify/queue/${encodeURIComponent(id)}`)}
    >
      {part === "calendar" && <CalendarPanel />}
      {part === "schedules" && <SchedulesPanel user={user} userRole={userRole} live={live} />}
    </VerifyView>
  );
}
