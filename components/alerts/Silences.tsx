// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { NewSilence, SilenceList } from "@/agent/protocol/console/alerts";
import { When } from "@/components/live/Age";
import { Act } from "@/components/settings/Act";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { SilenceDialog } from "./SilenceDialog";
import { sayMatchers } from "./words";

interface SilencesProps {
  silences: SilenceList["silences"];
  atMs: number;
  mayAct: boolean;
  onSilence: (wanted: NewSilence) => Promise<unknown>;
  onEnd: (id: string) => Promise<unknown>;
}

export function Silences({ silences, atMs, mayAct, onSilence, onEnd }: SilencesProps) {
  const [isMaking, setIsMaking] = useState(false);
  const isOver = (endsAtMs: number) => endsAtMs <= atMs;
  const sorted = [...silences].sort((a, b) => Number(isOver(a.endsAtMs)) - Number(isOver(b.endsAtMs)));
  return (
    <>
      {mayAct && (
        <p className="acts">
          <Act word="Silence something…" label="Silence something…" onClick={() => setIsMaking(true)} />
        </p>
      )}
      {silences.length === 0 ? (
        <p className="d3 remark">None, and none ended in the last seven days.</p>
      ) : (
        <table className="p cards">
          <ColumnHeads names={["Why", "What", "By", "Until"]} acts={mayAct} />
          <tbody>
            {sorted.map(({ id, reason, matchers, createdBy, createdAtMs, endsAtMs, endedBy }) => (
              <tr key={id} className={isOver(endsAtMs) ? "is-over" : undefined}>
                <th scope="row">{reason}</th>
                <td data-th="What">{sayMatchers(matchers)}</td>
                <td data-th="By">
                  {createdBy}{" "}
                  <small>
                    <When atMs={createdAtMs} />
                  </small>
                </td>
                <td data-th="Until">
                  <When atMs={endsAtMs} />
                  {endedBy !== null && <small>ended by {endedBy}</small>}
                </td>
                {mayAct && (
                  <td className="acts">
                    {isOver(endsAtMs) ? (
                      <span>over</span>
                    ) : (
                      <Act word="End it" label={`End it: the silence ${reason}`} onClick={() => void onEnd(id)} />
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isMaking && <SilenceDialog title="Silence something" matchers={null} onSilence={onSilence} onClose={() => setIsMaking(false)} />}
    </>
  );
}
