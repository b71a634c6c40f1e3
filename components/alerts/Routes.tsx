// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { ReceiverList, RouteChange, RouteList } from "@/agent/protocol/console/alerts";
import { Act } from "@/components/settings/Act";
import { ActDialog } from "@/components/settings/ActDialog";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { EmptyState } from "@/components/ui/EmptyState";
import { formatDuration } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { RouteDialog } from "./RouteDialog";
import { sayMatchers } from "./words";

type Route = RouteList["routes"][number];
type Receiver = ReceiverList["receivers"][number];

interface RoutesProps {
  routes: readonly Route[];
  receivers: readonly Receiver[];
  onSave: (id: string | undefined, wanted: RouteChange) => Promise<unknown>;
  onRemove: (id: string) => Promise<unknown>;
}

export function Routes({ routes, receivers, onSave, onRemove }: RoutesProps) {
  const [doing, setDoing] = useState<{ what: "add" } | { what: "change" | "remove"; route: Route } | null>(null);
  const nameOf = (id: string) => receivers.find((one) => one.id === id)?.name ?? "removed";
  const none = receivers.length === 0 ? "no-receiver" : undefined;
  return (
    <>
      <p className="acts">
        <Act word="Add a route…" label="Add a route…" refusedBy={none} onClick={() => setDoing({ what: "add" })} />
        {none && (
          <small id={none} className="d3">
            Add a receiver first: a route leads to one.
          </small>
        )}
      </p>
      {routes.length === 0 ? (
        <EmptyState title="No route">
          <p>Without one nobody is told of anything.</p>
        </EmptyState>
      ) : (
        <table className="p cards">
          <ColumnHeads names={["To", "Alerts", "After", "Again", "State"]} acts />
          <tbody>
            {routes.map((route) => (
              <tr key={route.id} className={route.isOn ? undefined : "is-over"}>
                <th scope="row">{nameOf(route.receiver)}</th>
                <td data-th="Alerts">{sayMatchers(route.matchers)}</td>
                <td data-th="After">{route.waitSeconds === 0 ? "at once" : formatDuration(route.waitSeconds * 1_000)}</td>
                <td data-th="Again">
                  {route.repeatHours === null ? <span className="d3">once only</span> : `every ${route.repeatHours}\u00a0h`}
                  <small>{route.sendsResolved ? "and when it is over" : "not when it is over"}</small>
                </td>
                <td data-th="State">
                  <StateWord said={route.isOn ? { level: "ok", word: "on" } : { level: "absent", word: "off" }} small />
                </td>
                <td className="acts">
                  <Act
                    word="Change…"
                    label={`Change the route to ${nameOf(route.receiver)}…`}
                    onClick={() => setDoing({ what: "change", route })}
                  />
                  <Act
                    word="Remove…"
                    label={`Remove the route to ${nameOf(route.receiver)}…`}
                    onClick={() => setDoing({ what: "remove", route })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {doing?.what === "add" && (
        <RouteDialog route={null} receivers={receivers} onSave={(wanted) => onSave(undefined, wanted)} onClose={() => setDoing(null)} />
      )}
      {doing?.what === "change" && (
        <RouteDialog
          route={doing.route}
          receivers={receivers}
          onSave={(wanted) => onSave(doing.route.id, wanted)}
          onClose={() => setDoing(null)}
        />
      )}
      {doing?.what === "remove" && (
        <ActDialog
          title={`Remove the route to ${nameOf(doing.route.receiver)}`}
          verb="Remove it"
          keep="Keep it"
          onAct={() => onRemove(doing.route.id)}
          onClose={() => setDoing(null)}
        >
          <p className="d2">
            {nameOf(doing.route.receiver)} hears no more of {sayMatchers(doing.route.matchers)} by it; of what it heard of it still hears
            the end.
          </p>
        </ActDialog>
      )}
    </>
  );
}
