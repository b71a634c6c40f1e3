// SPDX-License-Identifier: Apache-2.0
"use client";
import type { VerifyQueueing } from "@/agent/protocol/console/verify";
import { ActDialog } from "@/components/settings/ActDialog";
import { nameOf } from "./progress";
import { useAccepted, WarningChoice } from "./WarningChoice";

interface QueueDialogProps {
  mirror: { cluster: string; resource: string; volume: number };
  onQueue: (wanted: VerifyQueueing) => Promise<unknown>;
  onClose: () => void;
}

/** Puts a mirror into the queue: it is verified when nothing is in its way any more. */
export function QueueDialog({ mirror: { cluster, resource, volume }, onQueue, onClose }: QueueDialogProps) {
  const [accept, setAccept] = useAccepted([]);
  const name = nameOf({ resource, volume });
  return (
    <ActDialog
      title={`Queue a verify of ${name}`}
      verb={`Queue ${name}`}
      onAct={() => onQueue({ cluster, resource, volume, accept: [...accept] })}
      onClose={onClose}
    >
      <p className="d2">
        It begins in your name when no other verify or resync is on its nodes and its link. What blocks it then, or a warning that is not
        accepted here, skips it, and that is recorded.
      </p>
      <WarningChoice accept={accept} onChange={setAccept} />
    </ActDialog>
  );
}
