// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { NewWallKey, WallKeyList, WallKeyMade } from "@/agent/protocol/console/people";
import { When } from "@/components/live/Age";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { CopyLine } from "@/components/ui/CopyLine";
import { EmptyState } from "@/components/ui/EmptyState";
import { formatCount } from "@/components/ui/format";
import { Act } from "./Act";
import { ActDialog } from "./ActDialog";
import { Asked } from "./Asked";
import { NewWallDialog } from "./NewWallDialog";

type Key = WallKeyList["keys"][number];

export interface WallsViewProps {
  keys: readonly Key[] | null;
  clusters: readonly { slug: string; title: string }[];
  error: Error | null;
  /** The key that was just made: the only time its address is there. */
  made: WallKeyMade | null;
  onMake: (wanted: NewWallKey) => Promise<unknown>;
  onRevoke: (id: string) => Promise<unknown>;
}

/** Keys of wall displays: made, shown once as the address a screen opens, revoked. */
export function WallsView({ keys, clusters, error, made, onMake, onRevoke }: WallsViewProps) {
  const [isMaking, setIsMaking] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  return (
    <>
      <h1>Walls</h1>
      <section aria-label="Walls">
        <p className="d2">
          For a screen across the room: it shows how the clusters are, needs nobody to sign in, and can do nothing else. Who has its address
          can look; give each screen its own key.
        </p>
        <p className="acts">
          <Act word="Make a key…" label="Make a key…" onClick={() => setIsMaking(true)} />
        </p>
        {made && (
          <div className="enrolment" role="status">
            <p>
              <b>Open it on the screen now:</b> the console keeps only its fingerprint and does not show it again.
            </p>
            <CopyLine text={made.url} label="the address" />
          </div>
        )}
        <Asked answer={keys} error={error}>
          {(list) => <Keys keys={list} onRevoke={setRevoking} />}
        </Asked>
      </section>
      {isMaking && <NewWallDialog clusters={clusters} onMake={onMake} onClose={() => setIsMaking(false)} />}
      {revoking && (
        <ActDialog
          title={`Revoke the key of ${revoking.name}`}
          verb="Revoke it"
          keep="Keep it"
          onAct={() => onRevoke(revoking.id)}
          onClose={() => setRevoking(null)}
        >
          <p className="d2">
            {revoking.screens === 0
              ? "No screen shows it now."
              : `${formatCount(revoking.screens, "screen")} with it will go dark at once.`}{" "}
            A revoked key does not come back.
          </p>
        </ActDialog>
      )}
    </>
  );
}

function Keys({ keys, onRevoke }: { keys: readonly Key[]; onRevoke: (key: Key) => void }) {
  if (keys.length === 0)
    return (
      <EmptyState title="No wall yet">
        <p>Make a key for each screen, so that each can be revoked by itself.</p>
      </EmptyState>
    );
  // Those that still show something first.
  const sorted = [...keys].sort((a, b) => Number(a.revokedAtMs !== null) - Number(b.revokedAtMs !== null));
  return (
    <table className="p cards">
      <ColumnHeads names={["Screen", "Shows", "Connected", "Made", "Ends"]} acts />
      <tbody>
        {sorted.map((key) => (
          <tr key={key.id} className={key.revokedAtMs === null ? undefined : "is-over"}>
            <th scope="row">{key.name}</th>
            <td data-th="Shows">{key.clusters === null ? "every cluster" : key.clusters.join(", ")}</td>
            <td data-th="Connected">
              {key.screens > 0 ? formatCount(key.screens, "screen") : <span className="d3">none</span>}
              {key.screens === 0 && key.lastUsedAtMs !== null && (
                <small>
                  last <When atMs={key.lastUsedAtMs} />, to 5 min
                </small>
              )}
            </td>
            <td data-th="Made">
              <When atMs={key.createdAtMs} />
              <small>by {key.createdBy}</small>
            </td>
            <td data-th="Ends">{key.expiresAtMs === null ? <span className="d3">no end</span> : <When atMs={key.expiresAtMs} />}</td>
            <td className="acts">
              {key.revokedAtMs === null ? (
                <Act word="Revoke…" label={`Revoke the key of ${key.name}…`} onClick={() => onRevoke(key)} />
              ) : (
                <span>
                  revoked <When atMs={key.revokedAtMs} />
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
