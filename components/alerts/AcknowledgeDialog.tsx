// SPDX-License-Identifier: Apache-2.0
"use client";
import { ActDialog } from "@/components/settings/ActDialog";
import { Field } from "@/components/ui/Field";

interface AcknowledgeDialogProps {
  title: string;
  onAcknowledge: (note: string) => Promise<unknown>;
  onClose: () => void;
}

/** Somebody is at it: it is not told again until it is worse or over. */
export function AcknowledgeDialog({ title, onAcknowledge, onClose }: AcknowledgeDialogProps) {
  return (
    <ActDialog title={`Acknowledge "${title}"`} verb="Acknowledge it" onAct={(form) => onAcknowledge(form("note"))} onClose={onClose}>
      <p className="d2">You are at it, and everybody sees it. It is not told again unless it becomes worse; that it is over is told.</p>
      <Field label="Note (may be left empty)" name="note" maxLength={200} autoComplete="off" hint="The cable is being changed" />
    </ActDialog>
  );
}
