// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { EnrollmentList } from "@/agent/protocol/console/api";
import { When } from "@/components/live/Age";
import { Act } from "./Act";
import { ActDialog } from "./ActDialog";

type Open = EnrollmentList["enrollments"][number];

/** Commands that were made and not used yet: each is a way in until it is used, withdrawn or over. */
export function OpenEnrollments({ open, onWithdraw }: { open: readonly Open[]; onWithdraw: (id: string) => Promise<unknown> }) {
  const [withdrawn, setWithdrawn] = useState<Open | null>(null);
  return (
    <>
      <h3 className="lbl">Commands not used yet</h3>
      <ul className="open-ways">
        {open.map((one) => (
          <li key={one.id}>
            <span>
              <b>{one.node}</b> in {one.cluster}
              <span className="d3">
                {one.createdBy !== null && `, made by ${one.createdBy}`}, good until <When atMs={one.expiresAtMs} />
              </span>
            </span>
            <Act word="Withdraw…" label={`Withdraw the command for ${one.node}…`} onClick={() => setWithdrawn(one)} />
          </li>
        ))}
      </ul>
      {withdrawn && (
        <ActDialog
          title={`Withdraw the command for ${withdrawn.node}`}
          verb="Withdraw it"
          onAct={() => onWithdraw(withdrawn.id)}
          onClose={() => setWithdrawn(null)}
        >
          <p className="d2">Whoever runs it on a node afterwards is refused. A new command is made above.</p>
        </ActDialog>
      )}
    </>
  );
}
