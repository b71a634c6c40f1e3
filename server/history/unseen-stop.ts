// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { plainId } from "@/server/cluster/services";
import type { ServiceNow } from "./services-now";

// A service can stop and be up again between two readings: Pacemaker's own record of its operations is the only witness then.

type Operation = NonNullable<Pacemaker["operations"]>[number];

interface Between {
  /** What Pacemaker said at the look before, and now. */
  was: Pacemaker;
  value: Pacemaker;
  /** Where it was in order then, and where it is now. */
  from: string;
  to: string;
  /** A node's clock beside the console's, in ms. */
  offsetOf: (node: string) => number;
}

/**
 * How long a service was down between two readings that both show it in order, in ms; null: nothing says that it was down. Its
 * parts were stopped on the one node and started on the other (a promotable clone: demoted and promoted), or started anew
 * where they ran. A live migration starts nothing where it arrives. The record is to the second, its operations to the ms: no
 * less than these took is told.
 */
export function unseenStop({ ids, isPromotable }: ServiceNow, { was, value, from, to, offsetOf }: Between): number | null {
  const [down, up] = isPromotable ? ["demote", "promote"] : ["stop", "start"];
  const before = new Map(was.operations?.map((one) => [keyOf(one), one.call]));
  // An agent that does not send the numbers, as one before an upgrade, cannot say what is new.
  if (before.size === 0 || [...before.values()].includes(undefined)) return null;
  const fresh = (value.operations ?? []).filter(
    (one) => one.isOk && one.call !== undefined && ids.includes(plainId(one.resource)) && before.get(keyOf(one)) !== one.call,
  );
  const starts = fresh.filter(({ task, node }) => task === up && node === to);
  const stops = fresh.filter(({ task, node }) => task === down && node === from);
  if (starts.length === 0 || (from !== to && stops.length === 0)) return null;
  const took = Math.max(1, ...ids.map((id) => lengthOf([...stops, ...starts].filter(({ resource }) => plainId(resource) === id))));
  const edges = (list: readonly Operation[], edge: (atMs: number, one: Operation) => number) =>
    list.flatMap((one) => {
      const atMs = beganMs(one.began);
      return atMs === null ? [] : [edge(atMs + offsetOf(one.node), one)];
    });
  const began = edges(stops, (atMs) => atMs);
  const done = edges(starts, (atMs, { tookMs }) => atMs + tookMs);
  if (began.length === 0 || done.length === 0) return took;
  return Math.max(took, Math.max(...done) - Math.min(...began));
}

function keyOf({ resource, node, task }: Operation): string {
  return JSON.stringify([resource, node, task]);
}

function lengthOf(operations: readonly Operation[]): number {
  return operations.reduce((sum, { tookMs }) => sum + tookMs, 0);
}

/** A printed time as if it were UTC: only two of the same reading are compared. Both forms of crm_mon are read; null: neither. */
function beganMs(text: string | null | undefined): number | null {
  const words = text?.match(/^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})$/);
  const ms = words
    ? Date.parse(`${words[2]} ${words[1]} ${words[4]} ${words[3]} UTC`)
    : Date.parse((text ?? "").replace(" ", "T").replace(/ (?=[Z+-])/, ""));
  return Number.isNaN(ms) ? null : ms;
}
