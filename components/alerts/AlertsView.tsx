// SPDX-License-Identifier: Apache-2.0
"use client";
import type {
  AlertList,
  NewSilence,
  ReceiverAnswer,
  ReceiverChange,
  ReceiverList,
  RouteChange,
  RouteList,
  SentList,
  SilenceList,
} from "@/agent/protocol/console/alerts";
import type { UserRole } from "@/agent/protocol/console/api";
import { mayDo } from "@/components/commands/acting";
import { Asked } from "@/components/settings/Asked";
import { formatCount } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { OpenAlerts } from "./OpenAlerts";
import { Receivers } from "./Receivers";
import { Routes } from "./Routes";
import { SentMessages } from "./SentMessages";
import { Silences } from "./Silences";

export interface AlertsViewProps {
  userRole: UserRole;
  alerts: AlertList["alerts"] | null;
  silences: SilenceList | null;
  sent: SentList["sent"] | null;
  /** Receivers and routes are an admin's; null for others. */
  receivers: ReceiverList["receivers"] | null;
  routes: RouteList["routes"] | null;
  error: Error | null;
  onAcknowledge: (id: string, note: string) => Promise<unknown>;
  onTakeBack: (id: string) => Promise<unknown>;
  onSilence: (wanted: NewSilence) => Promise<unknown>;
  onEndSilence: (id: string) => Promise<unknown>;
  /** `id` missing: a new one. */
  onReceiver: (id: string | undefined, wanted: ReceiverChange) => Promise<unknown>;
  onRemoveReceiver: (id: string) => Promise<unknown>;
  onTest: (id: string) => Promise<ReceiverAnswer>;
  onRoute: (id: string | undefined, wanted: RouteChange) => Promise<unknown>;
  onRemoveRoute: (id: string) => Promise<unknown>;
}

/** What people are told: what stands now, by which way and when, what nobody is to be told, and what was sent. */
export function AlertsView(props: AlertsViewProps) {
  const { userRole, alerts, silences, sent, receivers, routes, error } = props;
  const isAdmin = userRole === "admin";
  const mayAct = mayDo(userRole, "operator");
  return (
    <>
      <h1>Alerts</h1>
      <Parts {...props} />
      <Untold receivers={receivers} routes={routes} />
      <section aria-labelledby="alerts-now">
        <h2 id="alerts-now">Now</h2>
        <p className="d2">
          One line for each cause; what follows from it is told with it. Somebody who is at it acknowledges it, until it is over.
        </p>
        <Asked answer={alerts} error={error}>
          {(list) => (
            <OpenAlerts
              alerts={list}
              hasRoute={routes === null || routes.length > 0}
              mayAct={mayAct}
              onAcknowledge={props.onAcknowledge}
              onTakeBack={props.onTakeBack}
              onSilence={props.onSilence}
            />
          )}
        </Asked>
      </section>
      <section aria-labelledby="silences">
        <h2 id="silences">Silences</h2>
        <p className="d2">Nobody is told of what fits every word of a silence, until its end. Its findings still stand on every page.</p>
        <Asked answer={silences} error={null}>
          {({ atMs, silences: list }) => (
            <Silences silences={list} atMs={atMs} mayAct={mayAct} onSilence={props.onSilence} onEnd={props.onEndSilence} />
          )}
        </Asked>
      </section>
      {isAdmin && (
        <section aria-labelledby="receivers">
          <h2 id="receivers">Receivers</h2>
          <p className="d2">Where messages go. A secret is kept to be sent, and is not shown again.</p>
          <Asked answer={receivers} error={null}>
            {(list) => <Receivers receivers={list} onSave={props.onReceiver} onRemove={props.onRemoveReceiver} onTest={props.onTest} />}
          </Asked>
        </section>
      )}
      {isAdmin && (
        <section aria-labelledby="routes">
          <h2 id="routes">Routes</h2>
          <p className="d2">
            Which alerts go to which receiver, and when. Every route that fits is taken; a receiver hears of an alert once.
          </p>
          <Asked answer={routes && receivers && { routes, receivers }} error={null}>
            {(both) => <Routes {...both} onSave={props.onRoute} onRemove={props.onRemoveRoute} />}
          </Asked>
        </section>
      )}
      {!isAdmin && <p className="d3 s12">Receivers and routes are set by an admin.</p>}
      <section aria-labelledby="sent">
        <h2 id="sent">Sent</h2>
        <p className="d2">The newest 200 messages, those that wait included, each with every attempt.</p>
        <Asked answer={sent} error={null}>
          {(list) => <SentMessages sent={list} />}
        </Asked>
      </section>
    </>
  );
}

/** That nothing of all this leaves the console, and what is missing: said first, not at the foot of the page. */
function Untold({ receivers, routes }: Pick<AlertsViewProps, "receivers" | "routes">) {
  if (receivers === null || routes === null || routes.length > 0) return null;
  return (
    <p className="untold">
      <Icon shape="risk" />
      <span>
        <b>Nobody is told of any alert.</b>{" "}
        {receivers.length === 0 ? (
          <>
            <a href="#receivers">Add a receiver</a>, then a route that leads to it.
          </>
        ) : (
          <>
            <a href="#routes">Add a route</a>: without one no receiver hears anything.
          </>
        )}
      </span>
    </p>
  );
}

/** What stands on the page, with what is wrong in it: the page is long, and whether alerts get through is asked first. */
function Parts({ alerts, silences, receivers, routes, sent }: AlertsViewProps) {
  const open = alerts?.filter(({ endedAtMs }) => endedAtMs === null).length;
  const inForce = silences?.silences.filter(({ endsAtMs }) => endsAtMs > silences.atMs).length;
  const failing = receivers?.filter(({ failingSinceMs }) => failingSinceMs !== null).length ?? 0;
  const parts: (readonly [id: string, word: string] | null)[] = [
    open === undefined ? null : ["alerts-now", open === 0 ? "No alert now" : `${formatCount(open, "alert")} now`],
    inForce === undefined ? null : ["silences", formatCount(inForce, "silence")],
    receivers && ["receivers", `${formatCount(receivers.length, "receiver")}${failing === 0 ? "" : `, ${failing} taking nothing`}`],
    routes && ["routes", formatCount(routes.length, "route")],
    sent && ["sent", "Sent"],
  ];
  return (
    <nav aria-label="On this page">
      <p className="alert-parts">
        {parts.map((part) =>
          part === null ? null : (
            <a key={part[0]} href={`#${part[0]}`}>
              {part[1]}
            </a>
          ),
        )}
      </p>
    </nav>
  );
}
