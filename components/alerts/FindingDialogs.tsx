// SPDX-License-Identifier: Apache-2.0
"use client";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { AcknowledgeDialog } from "./AcknowledgeDialog";
import { SilenceDialog } from "./SilenceDialog";
import { matchersOf } from "./words";

interface FindingDialogProps {
  what: "acknowledge" | "silence";
  slug: string;
  /** The alert's id. */
  alert: string;
  finding: string;
  title: string;
  onClose: () => void;
}

/** Acknowledges or silences what a finding tells. What comes of it is in the next patch of the view. */
export function FindingDialog({ what, slug, alert, finding, title, onClose }: FindingDialogProps) {
  return (
    <AskProvider>
      {what === "acknowledge" ? (
        <AcknowledgeDialog
          title={title}
          onAcknowledge={(note) => ask("PUT", `/api/v1/alerts/${encodeURIComponent(alert)}/acknowledgement`, answers.nothing, { note })}
          onClose={onClose}
        />
      ) : (
        <SilenceDialog
          title={`Silence "${title}"`}
          matchers={matchersOf(slug, finding)}
          onSilence={(wanted) => ask("POST", "/api/v1/alerts/silences", answers.nothing, wanted)}
          onClose={onClose}
        />
      )}
    </AskProvider>
  );
}
