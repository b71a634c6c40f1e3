// SPDX-License-Identifier: Apache-2.0
"use client";
import type { ReactNode } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Snapshot } from "@/agent/protocol/console/feed";
import { LiveProvider } from "@/components/live/LiveProvider";
import { useRecording } from "@/components/live/recorded";
import { useLine } from "@/components/live/use-live";
import { RecordedStrip } from "@/components/recorded/RecordedStrip";
import { ConsoleLost } from "./ConsoleLost";
import { type Crumb, TopBar } from "./TopBar";

export interface ConsoleShellProps {
  initial: Snapshot;
  timingFactor: number;
  zone: string;
  user: string;
  role: UserRole;
  crumbs: readonly Crumb[];
  children: ReactNode;
}

/** What every page of the console stands in: the live store, the top bar, and the word that the console is silent. */
export function ConsoleShell({ initial, timingFactor, zone, user, role, crumbs, children }: ConsoleShellProps) {
  return (
    <LiveProvider initial={initial} timingFactor={timingFactor} zone={zone}>
      <TopBar user={user} userRole={role} crumbs={crumbs} />
      <ConsoleLost />
      <RecordedStrip userRole={role} />
      <Aged>{children}</Aged>
    </LiveProvider>
  );
}

function Aged({ children }: { children: ReactNode }) {
  const line = useLine();
  const isRecording = useRecording() !== undefined;
  const standing = line === "lost" ? " is-lost" : isRecording ? " is-recorded" : "";
  return <div className={`console${standing}`}>{children}</div>;
}
