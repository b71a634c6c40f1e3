// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import { useState } from "react";
import type { AlertList, NewSilence } from "@/agent/protocol/console/alerts";
import { Since, When } from "@/components/live/Age";
import { Act } from "@/components/settings/Act";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { EmptyState } from "@/components/ui/EmptyState";
import { formatCount, unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { AcknowledgeDialog } from "./AcknowledgeDialog";
import { SilenceDialog } from "./SilenceDialog";
import { byUrgency, ENDS, matchersOf, REACHES, SEVERITIES, sayTold } from "./words";

type Alert = AlertList["alerts"][number];

interface OpenAlertsProps {
  alerts: readonly Alert[];
  /** Whether anything leads to anybody. */
  hasRoute: boolean;
  mayAct: boolean;
  onAcknowledge: (id: string, note: string) => Promise<unknown>;
  onTakeBack: (id: string) => Promise<unknown>;
  onSilence: (wanted: NewSilence) => Promise<unknown>;
}

/** The alerts that last, and those that ended of late. */
export function OpenAlerts({ alerts, hasRoute, mayAct, onAcknowledge, onTakeBack, onSilence }: OpenAlertsProps) {
  const [doing, setDoing] = useState<{ what: "acknowledge" | "silence"; alert: Alert } | null>(null);
  const open = byUrgency(alerts.filter(({ endedAtMs }) => endedAtMs === null));
  const over = alerts.filter(({ endedAtMs }) => endedAtMs !== null);
  return (
    <>
      {open.length === 0 ? (
        <EmptyState title="No alert">
          <p>Nothing that people are told of is found now. What is not read cannot be found: see the ages.</p>
        </EmptyState>
      ) : (
        <table className="p cards in-lanes">
          <ColumnHeads names={["Alert", "Cluster", "Since", "Told to", "State"]} acts={mayAct} />
          <tbody>
            {open.map((alert) => (
              <tr key={alert.id}>
                <th scope="row">
                  <Title alert={alert} />
                </th>
                <td data-th="Cluster">
                  <Link href={`/c/${alert.cluster}`}>{alert.cluster}</Link>
                </td>
                <td data-th="Since">
                  <Since atMs={alert.sinceMs} word="" />
                </td>
                <td data-th="Told to">
                  <Told alert={alert} />
                </td>
                <td data-th="State">
                  <Standing alert={alert} hasRoute={hasRoute} />
                </td>
                {mayAct && (
                  <td className="acts">
                    {alert.acknowledged ? (
                      <Act
                        word="Take back"
                        label={`Take back the acknowledgement of ${alert.title}`}
                        onClick={() => void onTakeBack(alert.id)}
                      />
                    ) : (
                      <Act
                        word="Acknowledge…"
                        label={`Acknowledge ${alert.title}…`}
                        onClick={() => setDoing({ what: "acknowledge", alert })}
                      />
                    )}
                    <Act word="Silence…" label={`Silence ${alert.title}…`} onClick={() => setDoing({ what: "silence", alert })} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {over.length > 0 && <Over alerts={over} />}
      {doing?.what === "acknowledge" && (
        <AcknowledgeDialog
          title={doing.alert.title}
          onAcknowledge={(note) => onAcknowledge(doing.alert.id, note)}
          onClose={() => setDoing(null)}
        />
      )}
      {doing?.what === "silence" && (
        <SilenceDialog
          title={`Silence "${doing.alert.title}"`}
          matchers={matchersOf(doing.alert.cluster, doing.alert.finding)}
          onSilence={onSilence}
          onClose={() => setDoing(null)}
        />
      )}
    </>
  );
}

function Title({ alert: { severity, title, why, todo, consequences, returns } }: { alert: Alert }) {
  return (
    <>
      <StateWord said={SEVERITIES[severity]} small /> <span className="alert-title">{unbroken(title)}</span>
      {consequences.length > 0 && (
        <small>
          with {formatCount(consequences.length, "consequence")}: {consequences.join("; ")}
        </small>
      )}
      {returns > 0 && <small>came back {formatCount(returns, "time")} within an hour of its end</small>}
      {(why !== "" || todo !== null) && (
        <details className="attempts">
          <summary>{todo === null ? "Why" : "Why, and what to do"}</summary>
          {why !== "" && <p>{unbroken(why)}</p>}
          {todo !== null && <p>{unbroken(todo)}</p>}
        </details>
      )}
    </>
  );
}

function Told({ alert: { told } }: { alert: Alert }) {
  if (told.length === 0) return <span className="d3">nobody</span>;
  return told.map(({ receiver, atMs, reach }) => (
    <span key={receiver} className="told">
      {receiver} {reach && <StateWord said={REACHES[reach]} small />}{" "}
      <small>
        <When atMs={atMs} />
      </small>
    </span>
  ));
}

/** Why it is quiet, or that it is not. */
function Standing({ alert: { acknowledged, held, told }, hasRoute }: { alert: Alert; hasRoute: boolean }) {
  const untold = hasRoute ? "no route fits, or its wait is not over" : "there is no route";
  return (
    <>
      {acknowledged && (
        <span className="told">
          <StateWord said={{ level: "held", word: `acknowledged by ${acknowledged.by}` }} small />
          <small>
            <When atMs={acknowledged.atMs} />
            {acknowledged.note !== "" && `: ${acknowledged.note}`}
          </small>
        </span>
      )}
      {held && (
        <span className="told">
          <StateWord said={{ level: "held", word: held.by === "silence" ? "silenced" : "not told in maintenance" }} small />
          <small>
            {held.says}
            {held.untilMs !== null && (
              <>
                , until <When atMs={held.untilMs} />
              </>
            )}
          </small>
        </span>
      )}
      {!acknowledged && !held && <span className="d3">{told.length === 0 ? untold : "nobody is at it"}</span>}
    </>
  );
}

function Over({ alerts }: { alerts: readonly Alert[] }) {
  return (
    <details className="ended">
      <summary>{formatCount(alerts.length, "alert")} ended in the last seven days</summary>
      <ul>
        {alerts.slice(0, 100).map((alert) => (
          <li key={alert.id}>
            <StateWord said={ENDS[alert.end ?? "over"]} small /> {alert.title} ({alert.cluster}), <When atMs={alert.openedAtMs} /> to{" "}
            {alert.endedAtMs !== null && <When atMs={alert.endedAtMs} />}. {alert.endedBy}{" "}
            {alert.told.length === 0 ? "Nobody was told." : `Told to ${alert.told.map(sayTold).join(", ")}.`}
            {alert.acknowledged && ` Acknowledged by ${alert.acknowledged.by}.`}
          </li>
        ))}
      </ul>
    </details>
  );
}
