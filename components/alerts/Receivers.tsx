// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { ReceiverAnswer, ReceiverChange, ReceiverList } from "@/agent/protocol/console/alerts";
import { Since, When } from "@/components/live/Age";
import { Act } from "@/components/settings/Act";
import { ActDialog } from "@/components/settings/ActDialog";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { EmptyState } from "@/components/ui/EmptyState";
import { formatCount } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { ReceiverDialog } from "./ReceiverDialog";
import { TestButton } from "./TestButton";
import { KINDS, placeOf } from "./words";

type Receiver = ReceiverList["receivers"][number];

interface ReceiversProps {
  receivers: readonly Receiver[];
  onSave: (id: string | undefined, wanted: ReceiverChange) => Promise<unknown>;
  onRemove: (id: string) => Promise<unknown>;
  onTest: (id: string) => Promise<ReceiverAnswer>;
}

export function Receivers({ receivers, onSave, onRemove, onTest }: ReceiversProps) {
  const [doing, setDoing] = useState<{ what: "add" } | { what: "change" | "remove"; receiver: Receiver } | null>(null);
  return (
    <>
      <p className="acts">
        <Act word="Add a receiver…" label="Add a receiver…" onClick={() => setDoing({ what: "add" })} />
      </p>
      {receivers.length === 0 ? (
        <EmptyState title="Nobody is told">
          <p>Add a receiver, try it, then a route that leads to it.</p>
        </EmptyState>
      ) : (
        <table className="p cards in-lanes">
          <ColumnHeads names={["Receiver", "Where", "Last took a message", "State"]} acts />
          <tbody>
            {receivers.map((receiver) => (
              <tr key={receiver.id}>
                <th scope="row">
                  {receiver.name}
                  <small>{KINDS[receiver.settings.kind]}</small>
                </th>
                <td data-th="Where">
                  <span className="place">{placeOf(receiver.settings)}</span>
                  <small>{receiver.hasSecret ? "with a secret" : "without a secret"}</small>
                </td>
                <td data-th="Last took">
                  {receiver.lastOkAtMs === null ? <span className="d3">never</span> : <When atMs={receiver.lastOkAtMs} />}
                </td>
                <td data-th="State">
                  <Standing receiver={receiver} />
                </td>
                <td className="acts">
                  <TestButton name={receiver.name} onTest={() => onTest(receiver.id)} />
                  <Act word="Change…" label={`Change ${receiver.name}…`} onClick={() => setDoing({ what: "change", receiver })} />
                  <Act word="Remove…" label={`Remove ${receiver.name}…`} onClick={() => setDoing({ what: "remove", receiver })} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {doing?.what === "add" && (
        <ReceiverDialog receiver={null} onSave={(wanted) => onSave(undefined, wanted)} onClose={() => setDoing(null)} />
      )}
      {doing?.what === "change" && (
        <ReceiverDialog receiver={doing.receiver} onSave={(wanted) => onSave(doing.receiver.id, wanted)} onClose={() => setDoing(null)} />
      )}
      {doing?.what === "remove" && (
        <ActDialog
          title={`Remove the receiver ${doing.receiver.name}`}
          verb="Remove it"
          keep="Keep it"
          onAct={() => onRemove(doing.receiver.id)}
          onClose={() => setDoing(null)}
        >
          <p className="d2">
            {doing.receiver.waiting === 0
              ? "Nothing waits for it."
              : `${formatCount(doing.receiver.waiting, "message")} for it will not be sent.`}{" "}
            Its routes, its secret and what it was sent go with it.
          </p>
        </ActDialog>
      )}
    </>
  );
}

function Standing({ receiver: { failingSinceMs, says, waiting, nextTryAtMs, givenUp, lastOkAtMs } }: { receiver: Receiver }) {
  if (failingSinceMs === null) {
    if (waiting > 0) return <StateWord said={{ level: "busy", word: `${formatCount(waiting, "message")} on the way` }} small />;
    return lastOkAtMs === null ? (
      <span className="d3">not tried yet</span>
    ) : (
      <StateWord said={{ level: "ok", word: "takes messages" }} small />
    );
  }
  return (
    <>
      <StateWord said={{ level: "risk", word: "takes nothing" }} small />
      <small>
        <Since atMs={failingSinceMs} />. {says}.
      </small>
      <small>
        {formatCount(waiting, "message")} waiting
        {nextTryAtMs !== null && (
          <>
            , next try <When atMs={nextTryAtMs} />
          </>
        )}
        {givenUp > 0 && `; ${formatCount(givenUp, "message")} given up`}
      </small>
    </>
  );
}
