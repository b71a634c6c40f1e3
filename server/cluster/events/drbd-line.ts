// SPDX-License-Identifier: Apache-2.0
import type { EventPayload } from "@/agent/protocol/console/timeline";
import type { Level } from "@/agent/protocol/console/view";
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import { type Activity, activity, type LinkState, linkState, resyncEnd } from "../drbd-words";
import { formatDuration, joinWords } from "../words";
import { type Told, told } from "./tell";

/** What became of the line between two nodes, as one of them reads it. */
export interface PairChange {
  name: string;
  mirror: { resource: string; volume: number };
  node: string;
  was: DrbdPeer;
  now: DrbdPeer;
  word: string;
  /** When the line, its activity and its resync were first seen as they were before this change. */
  since: { link: number | null; activity: number | null; sync: number | null };
  rawMs: number;
  other: string;
  otherPeer: DrbdPeer | null;
  otherSince: { link: number; activity: number } | null;
}

/** What the other end is called where nobody knows its name. */
export const ITS_PEER = "its peer";

/** Lines are up or not; how they are not up is told by the side that knows. */
export function isUp(state: LinkState): boolean {
  return state === "connected";
}

export function isSyncing(state: Activity): boolean {
  return state === "resync" || state === "paused" || state === "starting";
}

export function tellLink({ name, mirror, node, was, now, word, since, rawMs, other, otherPeer, otherSince }: PairChange): Told[] {
  const before = linkState(was.connection);
  const after = linkState(now.connection);
  if (before === after) return [];
  const isKnown =
    otherPeer !== null &&
    otherSince !== null &&
    isUp(linkState(otherPeer.connection)) === isUp(after) &&
    otherSince.link >= (since.link ?? 0);
  if (isUp(before) !== isUp(after) && isKnown) return [];
  const peer = other === ITS_PEER ? null : other;
  const line = (is: EventPayload["line"], text: string, level: Level): Told[] => [
    { ...told(name, `${name}: ${text}`, level), payload: { kind: "mirrorLine", ...mirror, peer, line: is } },
  ];
  switch (after) {
    case "connected":
      return line("connected", `connected to ${other}${since.link === null ? "" : ` after ${formatDuration(rawMs - since.link)}`}`, "ok");
    case "unknown":
      return line("unknown", `connection to ${other} is ${word} on ${node}`, "unknown");
    case "standAlone":
      return line(
        "standAlone",
        `${node} is StandAlone, ${isUp(before) ? `the connection to ${other} is lost` : `it no longer tries to reach ${other}`}`,
        "bad",
      );
    case "waiting":
    case "broken":
      if (before === "standAlone") return line("trying", `${node} tries to reach ${other} again`, "busy");
      return isUp(before) ? line("lost", `connection to ${other} lost (${word})${during(activity(was.replication))}`, "risk") : [];
  }
}

function during(state: Activity): string {
  if (isSyncing(state)) return " during the resync";
  return state === "verify" ? " during the verify" : "";
}

/** What is copied or compared over a line that is up. */
export function tellActivity({ name, node, was, now, since, rawMs, other, otherPeer, otherSince }: PairChange, device: DrbdDevice): Told[] {
  if (!isUp(linkState(now.connection))) return [];
  const before = isUp(linkState(was.connection)) ? activity(was.replication) : "off";
  const after = activity(now.replication);
  if (before === after) return [];
  const isKnown =
    otherPeer !== null && otherSince !== null && activity(otherPeer.replication) === after && otherSince.activity >= (since.activity ?? 0);
  if (isKnown) return [];
  const end = resyncEnd(now.replication) ?? resyncEnd(was.replication);
  const target = end === "target" ? node : other;
  switch (after) {
    case "resync":
      return [told(name, before === "paused" ? `${name}: resync to ${target} goes on` : `${name}: resync to ${target} started`, "busy")];
    case "paused":
      return [told(name, `${name}: resync to ${target} paused`, "risk")];
    case "verify":
      return [told(name, `${name}: verify started`, "busy")];
    case "aheadBehind":
      return [told(name, `${name}: ${target} is left behind, the line is too slow`, "risk")];
    case "unknown":
      return [told(name, `${name}: replication with ${other} is ${now.replication} on ${node}`, "unknown")];
    case "established": {
      const isGood = device.disk === "UpToDate" && now.disk === "UpToDate";
      if (!isSyncing(before) && before !== "aheadBehind") return [];
      if (!isGood) return [told(name, `${name}: resync to ${target} ended, ${joinWords([device.disk, now.disk])}`, "risk")];
      const took = since.sync === null ? "" : ` after ${formatDuration(rawMs - since.sync)}`;
      return [told(name, `${name} in sync${took}`, "ok")];
    }
    case "starting":
    case "off":
      return [];
  }
}
