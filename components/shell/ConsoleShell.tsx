// SPDX-License-Identifier: Apache-2.0
"use client";
import { type ReactNode, useEffect, useMemo } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Snapshot } from "@/agent/protocol/console/feed";
import { ActingProvider } from "@/components/commands/acting";
import { RunStrips } from "@/components/commands/RunStrip";
import { LiveProvider } from "@/components/live/LiveProvider";
import { consoleLine } from "@/components/live/lines";
import { useRecording } from "@/components/live/recorded";
import { useLine } from "@/components/live/use-live";
import { arrive, CONTENT_ID } from "@/components/palette/arrive";
import { GoTo } from "@/components/palette/GoTo";
import { RecordedStrip } from "@/components/recorded/RecordedStrip";
import { Announcer } from "./Announcer";
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
  const line = useMemo(() => consoleLine({ user, role }), [user, role]);
  return (
    <LiveProvider initial={initial} timingFactor={timingFactor} zone={zone} line={line}>
      <ActingProvider user={user} userRole={role}>
        <a className="skip" href={`#${CONTENT_ID}`}>
          Skip to the content
        </a>
        <TopBar user={user} userRole={role} crumbs={crumbs}>
          <GoTo userRole={role} here={initial.scope.of === "cluster" ? initial.scope.slug : null} />
        </TopBar>
        <ConsoleLost />
        <RecordedStrip userRole={role} />
        <Announcer />
        <RunStrips />
        <Aged>{children}</Aged>
      </ActingProvider>
    </LiveProvider>
  );
}

/** Whether a page of this console was shown before in this window: then one was left, and the focus with it. */
let isFirstPage = true;

function Aged({ children }: { children: ReactNode }) {
  const line = useLine();
  const isRecording = useRecording() !== undefined;
  const standing = line === "lost" ? " is-lost" : isRecording ? " is-recorded" : "";
  useEffect(() => {
    if (!isFirstPage || location.hash) arrive(location.hash);
    isFirstPage = false;
  }, []);
  return (
    <div id={CONTENT_ID} tabIndex={-1} className={`console${standing}`}>
      {children}
    </div>
  );
}
