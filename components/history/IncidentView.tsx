// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import type { CopyThen, IncidentCard } from "@/agent/protocol/console/history";
import { When } from "@/components/live/Age";
import { TIMELINE } from "@/components/shell/places";
import { formatBytes, formatDuration, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { momentsOf, PHASES, sayWithin } from "./words";

/** One fencing or loss of a node: who, whom, why; each moment with its witness; what it cost, and what was not yet synced. */
export function IncidentView({ incident }: { incident: IncidentCard }) {
  const { id, cluster, node, says, openedAtMs, endedAtMs, services, moved, fromHistory } = incident;
  return (
    <article className="incident" id={`incident-${id}`} aria-labelledby={`i-${id}`} tabIndex={-1}>
      <h3 id={`i-${id}`}>
        <Icon shape={shapeOf(incident)} />
        <span>{unbroken(says)}</span>
        <span className="age">
          <When atMs={openedAtMs} />
          {endedAtMs === null && ", not over yet"}
        </span>
        <Link className="go" href={TIMELINE.of(cluster, { mark: String(Math.round(openedAtMs)) })}>
          what changed before
        </Link>
      </h3>
      <div className="incident-parts">
        <section aria-label={`When, of ${node}`}>
          <h4>When</h4>
          <Moments incident={incident} />
        </section>
        {!fromHistory && (
          <section aria-label={`Failover from ${node}`}>
            <h4>Failover</h4>
            <Phases incident={incident} />
            {services.length > 0 && (
              <p className="s12 d2">
                {services.map(({ id: service, to }) => `${service}: ${to === null ? "not seen in order again" : `on ${to}`}`).join("; ")}
              </p>
            )}
          </section>
        )}
        <section aria-label={`Data of ${node}`}>
          {!fromHistory && <NotSynced incident={incident} />}
          {!moved && (
            <>
              <h4>Fencing</h4>
              <Attempts incident={incident} />
            </>
          )}
        </section>
      </div>
      {!moved && !fromHistory && (
        <>
          <h4>Last kernel lines of {node}</h4>
          <LastLines incident={incident} />
        </>
      )}
      {fromHistory && (
        <p className="d3 s12">It was over before this console watched: read from the cluster's own history, and nothing of it measured.</p>
      )}
    </article>
  );
}

function shapeOf({ endedAtMs, attempts, moved }: IncidentCard): "busy" | "stop" | "risk" | "next" {
  if (endedAtMs === null) return "busy";
  if (moved) return moved.cause.kind === "failure" || moved.cause.kind === "quorum" ? "risk" : "next";
  return attempts.some(({ status }) => status === "success") ? "stop" : "risk";
}

function NotSynced({ incident: { unsynced, syncSays } }: { incident: IncidentCard }) {
  return (
    <>
      <h4>Not yet synced then</h4>
      <p className={unsynced.length > 0 ? "risk s12" : "d2 s12"}>{unbroken(syncSays)}</p>
      {unsynced.length > 0 && (
        <ul className="incident-list">
          {unsynced.map((copy) => (
            <li key={`${copy.mirror} ${copy.node} ${copy.peer}`}>
              <Copy copy={copy} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Moments({ incident }: { incident: IncidentCard }) {
  return (
    <dl className="incident-moments">
      {momentsOf(incident).map(({ name, moment, none }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {moment === null ? (
              <span className="d3">{none}</span>
            ) : (
              <>
                <When atMs={moment.atMs} />
                <small>
                  {sayWithin(moment)}, by {moment.by}
                </small>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Phases({ incident }: { incident: IncidentCard }) {
  return (
    <dl className="incident-moments">
      {incident.failover.map(({ phase, tookMs, withinMs, says }) => (
        <div key={phase}>
          <dt>{PHASES[phase]}</dt>
          <dd>
            {tookMs === null ? (
              <span className="d3">not measured</span>
            ) : (
              <b className="tn">
                {formatDuration(tookMs)} <span className="d3">{withinMs === null ? "" : `± ${formatDuration(withinMs)}`}</span>
              </b>
            )}
            <small>{unbroken(tookMs === null ? says.replace(/^Not measured: /, "") : says)}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Copy({ copy: { mirror, node, disk, peer, peerDisk, connection, outOfSyncBytes, readAtMs } }: { copy: CopyThen }) {
  return (
    <>
      <code>{mirror}</code> on {node}: {disk}
      {peerDisk !== null && `, ${peer ?? "its peer"} ${peerDisk}`}
      {connection !== null && `, ${connection}`}
      {", "}
      {outOfSyncBytes === null ? "out of sync: not said" : `${formatBytes(outOfSyncBytes)} out of sync`}
      <small>
        {" "}
        read <When atMs={readAtMs} />
      </small>
    </>
  );
}

function Attempts({ incident: { attempts, devices, node } }: { incident: IncidentCard }) {
  const which = devices.map(({ id, agent }) => `${id} (${agent})`).join(", ");
  return (
    <>
      {attempts.length === 0 && <p className="d2 s12">Nobody asked for {node} to be fenced.</p>}
      <ul className="incident-list">
        {attempts.map((one) => (
          <li key={`${one.client} ${one.origin} ${one.status} ${one.completed}`}>
            {one.action}: <b>{one.status}</b>
            {one.delegate !== null && `, by ${one.delegate}`}
            {one.client !== null && `, asked for by ${one.client}`}
            {one.origin !== null && ` on ${one.origin}`}
            {one.completed !== null && `, completed ${one.completed}`}
            {one.exitReason !== null && `: ${one.exitReason}`}
          </li>
        ))}
      </ul>
      <p className="d3 s12">
        {devices.length === 0
          ? "No fencing device was seen in the configuration."
          : devices.length === 1
            ? `The only fencing device: ${which}.`
            : `Fencing devices: ${which}. Which one did it crm_mon does not print.`}
      </p>
    </>
  );
}

function LastLines({ incident: { lastLines, linesUnread, node } }: { incident: IncidentCard }) {
  if (lastLines.length === 0) return <p className="d3 s12">{unbroken(linesUnread ?? `${node} logged nothing that is kept.`)}</p>;
  return (
    <ol className="incident-lines">
      {[...lastLines].reverse().map(({ atMs, text }) => (
        <li key={`${atMs} ${text}`}>
          <When atMs={atMs} /> <code>{text}</code>
        </li>
      ))}
    </ol>
  );
}
