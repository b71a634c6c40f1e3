// SPDX-License-Identifier: Apache-2.0
"use client";
import type { SentList } from "@/agent/protocol/console/alerts";
import { Since, When } from "@/components/live/Age";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatCount, formatDuration } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { StateWord, type Worded } from "@/components/ui/StateWord";
import { REASONS } from "./words";

type Sent = SentList["sent"][number];

const STATES: Readonly<Record<Sent["state"], Worded>> = {
  waiting: { level: "busy", word: "waits" },
  sent: { level: "ok", word: "sent" },
  givenUp: { level: "bad", word: "given up" },
};

/** Every message, newest first, with what became of it. */
export function SentMessages({ sent }: { sent: readonly Sent[] }) {
  if (sent.length === 0) return <p className="d3 remark">Nothing was sent yet.</p>;
  return (
    <table className="p cards in-lanes">
      <ColumnHeads names={["Message", "Cluster", "To", "Made", "State"]} />
      <tbody>
        {sent.map((message) => (
          <tr key={message.id}>
            <th scope="row">
              {message.alerts.map(({ title, reason }) => (
                <span key={title} className="told">
                  <span className="d3">{REASONS[reason]}</span> {title}
                </span>
              ))}
            </th>
            <td data-th="Cluster">{message.cluster}</td>
            <td data-th="To">{message.receiver}</td>
            <td data-th="Made">
              <Since atMs={message.createdAtMs} word="" />
            </td>
            <td data-th="State">
              <StateWord
                said={message.tried > 0 && message.state === "waiting" ? { level: "risk", word: "tried in vain" } : STATES[message.state]}
                small
              />
              {message.endedAtMs !== null && (
                <small>
                  <When atMs={message.endedAtMs} />
                </small>
              )}
              {message.nextTryAtMs !== null && message.tried > 0 && (
                <small>
                  next try <When atMs={message.nextTryAtMs} />
                </small>
              )}
              <Attempts message={message} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Attempts({ message: { attempts, tried } }: { message: Sent }) {
  if (attempts.length === 0) return null;
  return (
    <details className="attempts">
      <summary>{formatCount(tried, "attempt")}</summary>
      <ol>
        {attempts.map(({ atMs, isOk, says, tookMs }) => (
          <li key={atMs}>
            <Icon shape={isOk ? "ok" : "stop"} /> <When atMs={atMs} />: {says} ({formatDuration(tookMs)})
          </li>
        ))}
      </ol>
    </details>
  );
}
