// SPDX-License-Identifier: Apache-2.0
"use client";
import { ActDialog } from "@/components/settings/ActDialog";

export function WithdrawDialog({ text, onWithdraw, onClose }: { text: string; onWithdraw: () => Promise<unknown>; onClose: () => void }) {
  return (
    <ActDialog title="Take back this note" verb="Take it back" onAct={onWithdraw} onClose={onClose}>
      <p>“{text}”</p>
      <p>It stays on the timeline, struck through, with who took it back and when.</p>
    </ActDialog>
  );
}
