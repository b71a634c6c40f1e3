// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { MomentFrom } from "@/agent/protocol/console/recorded";
import { useRecording } from "@/components/live/recorded";
import { useClockText, useLive, useLiveValue } from "@/components/live/use-live";
import { Button } from "@/components/ui/Button";
import { formatMoment } from "@/components/ui/format";

const MOMENT_FROM: Record<MomentFrom, string> = {
  said: "so says who opened it",
  recording: "so says the recording",
  fileDates: "so say its files' dates",
};

/** On every page of a recording: what it is, of when, who opened it, and that nothing here is live. */
export function RecordedStrip({ userRole }: { userRole: UserRole }) {
  const recorded = useRecording();
  const { store } = useLiveValue();
  const slug = store.scope.of === "cluster" ? store.scope.slug : "";
  const isThere = useLive((live) => live.clusters.has(slug));
  const moment = useClockText(({ zone }) => (recorded ? formatMoment(recorded.atMs, zone) : ""));
  const opened = useClockText(({ zone }) => (recorded ? formatMoment(recorded.openedAtMs, zone) : ""));
  if (!recorded) return null;
  if (!isThere)
    return (
      <p className="recorded" role="alert">
        <b>This recording was closed.</b> Nothing of it is kept on this console.
      </p>
    );
  return (
    <aside className="recorded" aria-label="Recording">
      <p>
        <b>Recorded {moment}</b> <span className="nw">({MOMENT_FROM[recorded.atFrom]})</span>, from <code>{recorded.origin}</code>, opened
        by {recorded.openedBy} {opened}. Nothing here is live, and nothing can be done to it.
      </p>
      {userRole !== "viewer" && <CloseRecording slug={slug} />}
    </aside>
  );
}

/** Closing takes the recording off this console; the files it came from are where they were. */
function CloseRecording({ slug }: { slug: string }) {
  const [phase, setPhase] = useState<"idle" | "asking" | "failed">("idle");
  const close = async () => {
    setPhase("asking");
    const answer = await fetch(`/api/v1/imports/${slug}`, { method: "DELETE" }).catch(() => null);
    // 404: somebody else closed it, which is what was wanted.
    if (answer?.ok || answer?.status === 404) location.assign("/");
    else setPhase("failed");
  };
  return (
    <span className="nw">
      {phase === "failed" && <span role="alert">not closed: the console refused or did not answer </span>}
      <Button small onClick={close} disabled={phase === "asking"}>
        Close the recording
      </Button>
    </span>
  );
}
