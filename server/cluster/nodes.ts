// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said, type View } from "@/agent/protocol/console/view";
import type { Timing } from "@/agent/protocol/timing";
import { missingAfterBoot } from "./boot-baseline";
import { aheadSeconds } from "./clock";
import type { ClusterFacts, NodeFacts } from "./facts";
import { fenceWays } from "./fence-ways";
import { linkFreshness, standingOf } from "./freshness";
import { hostView } from "./host-view";
import { carriesOf, loadsOf } from "./node-carries";
import { said } from "./said";
import { lacksOf } from "./takeover";
import { type Hearing, nodeWords } from "./testimony";
import { versionRows } from "./versions";

type NodeEntity = EntityOf<"node">;

/** Every node that the console enrolled or the cluster names. `entities`: what was derived so far. */
export function nodeEntities(
  facts: ClusterFacts,
  hearing: Hearing,
  entities: ReadonlyMap<string, Entity>,
  around: { nowMs: number; timing: Timing },
  before: View,
): [string, NodeEntity][] {
  const loads = loadsOf(entities.values());
  const own = [...facts.nodes.values()].map((node): NodeEntity => {
    const link = linkFreshness(node, around.nowMs, around.timing);
    const read = node.sources.host?.lastOk?.value;
    const host = read ? hostView(read) : null;
    const state = node.role === "client" ? clientState(node, link) : memberState(node, link, hearing, around);
    return {
      kind: "node",
      name: node.node,
      role: node.role,
      link,
      lastWordAtMs: node.lastWordAtMs,
      linkSinceMs: link === "live" || link === "never" ? node.connectedChangedAtMs : node.lastWordAtMs,
      state,
      opinions: opinionsOf(node.node, hearing),
      isDc: hearing.shown?.value.dc === node.node,
      carries: carriesOf(node, link, hearing, loads, around),
      host,
      drbdVersion: node.sources.drbd?.lastOk?.value.module?.version ?? null,
      agentVersion: node.agentVersion,
      ...versionsOf(facts, node),
      ...clockOf(node, link),
      bootedAtMs: bootedAt(node, before.get(keyOf.node(node.node))),
      ...heldBy(hearing, node.node),
      ...(node.connected && node.steps ? { steps: [...node.steps] } : {}),
      ...(node.label == null ? {} : { label: node.label }),
      ...besides(node, hearing),
    };
  });
  const foreign = (hearing.shown?.value.nodes ?? [])
    .filter(({ name }) => !facts.nodes.has(name))
    .map(({ name }) => strangerOf(name, hearing));
  return [...own, ...foreign].map((node) => [keyOf.node(node.name), node]);
}

/** What did not come up with its boot, how the configuration has it fenced, and what services miss on it. */
function besides(node: NodeFacts, { shown }: Hearing): Pick<NodeEntity, "missing" | "fence" | "lacks"> {
  const missing = missingAfterBoot(node);
  const fence = shown ? fenceWays(shown.value).get(node.node) : undefined;
  const lacks = shown ? lacksOf(node, shown.value) : [];
  return {
    ...(missing.length > 0 ? { missing } : {}),
    ...(fence ? { fence } : {}),
    ...(lacks.length > 0 ? { lacks: [...lacks] } : {}),
  };
}

/** How Pacemaker was told to treat it. A rejoining node flashes standby: pending says nothing. */
function heldBy({ shown }: Hearing, name: string): Pick<NodeEntity, "isInMaintenance" | "isInStandby"> {
  const own = shown?.value.nodes.find((node) => node.name === name);
  // Said either way where Pacemaker says it: a field that goes makes a patch carry the node as a whole.
  return own ? { isInMaintenance: own.maintenance, isInStandby: own.standby && !own.pending } : {};
}

function clockOf(node: NodeFacts, link: NodeEntity["link"]): Pick<NodeEntity, "clockAheadSeconds"> {
  const seconds = link === "live" ? aheadSeconds(node) : null;
  return seconds === null ? {} : { clockAheadSeconds: seconds };
}

function versionsOf(facts: ClusterFacts, node: NodeFacts): Pick<NodeEntity, "versions" | "digests"> {
  const versions = versionRows(facts, node);
  const digests = node.sources.versions?.lastOk?.value.digests;
  return { ...(versions ? { versions } : {}), ...(digests ? { digests } : {}) };
}

function clientState(node: NodeFacts, link: NodeEntity["link"]): Said {
  if (link === "live") return said("ok", "up");
  if (link === "never") return notHeard(node.node);
  return said("old", "silent", `No word from ${node.node}.`);
}

function notHeard(node: string): Said {
  return said("unknown", "not heard yet", `Nothing was heard from ${node} since it was added.`);
}

/** What a node of a cluster in maintenance is: there, and left to people. */
export const BY_HAND = "managed by hand";

/** A cluster's word judged, where the side that says it may be believed. */
const WORDS: ReadonlyMap<string, Said> = new Map([
  ["online", said("ok", "online")],
  ["standby", said("held", "standby", "It runs no service, and keeps its vote.")],
  ["maintenance", said("held", "maintenance", "The cluster starts and stops nothing on it.")],
  ["pending", said("busy", "pending", "Corosync sees it, but its Pacemaker has not joined.")],
  ["shutting down", said("busy", "shutting down", "Its Pacemaker is leaving the cluster.")],
  ["offline", said("bad", "offline", "The cluster does not see it.")],
  ["unclean", said("bad", "unclean", "It is gone, and the cluster does not know that it is down: it must be fenced first.")],
]);

function memberState(node: NodeFacts, link: NodeEntity["link"], { shown }: Hearing, around: { nowMs: number; timing: Timing }): Said {
  const word = shown ? nodeWords(shown.value).get(node.node) : undefined;
  if (!shown?.standing.isCurrent) return stateWithoutCluster(node, link, word, around);
  if (word === undefined) {
    if (link === "live") return said("unknown", "not a member", `Its agent answers, but ${shown.node}'s Pacemaker does not name it.`);
    return link === "never" ? notHeard(node.node) : said("old", "silent", `No word from ${node.node}, and the cluster does not name it.`);
  }
  const judged = WORDS.get(word) ?? said("unknown", word);
  const isGone = judged.level === "bad";
  if (shown.value.quorate === false) {
    return said(isGone ? "bad" : "risk", word, `Seen by ${shown.node}, whose side has no quorum.`);
  }
  if (shown.value.quorate === null && !isGone) {
    return said("unknown", word, `Seen by ${shown.node}; whether there is a quorum is not known.`);
  }
  if (link === "live" && judged.level === "ok" && shown.value.maintenance) return said("held", BY_HAND);
  if (link === "live") return isGone ? said("bad", word, `${judged.why} Its agent answers.`) : judged;
  if (isGone) return judged;
  if (link === "never") return said("unknown", word, `Only ${shown.node}'s Pacemaker says so: nothing was heard from an agent there yet.`);
  return said("old", "silent", `No word from its agent; the cluster still shows it ${word}.`);
}

/** No node's Pacemaker can be believed now: the link alone speaks. */
function stateWithoutCluster(
  node: NodeFacts,
  link: NodeEntity["link"],
  word: string | undefined,
  around: { nowMs: number; timing: Timing },
): Said {
  if (link === "never") return notHeard(node.node);
  if (node.isRecorded) return said("ok", "up", "No Pacemaker of it is in the recording.");
  if (link !== "live")
    return said("old", "silent", word === undefined ? `No word from ${node.node}.` : `No word from ${node.node}; it was ${word}.`);
  const standing = standingOf(node, "pacemaker", around.nowMs, around.timing);
  if (standing.status === "absent" && word === undefined) return said("ok", "up", "No Pacemaker here.");
  if (standing.status === "pending") return said("unknown", "up", "Its agent answers; Pacemaker was not read yet.");
  const was = word === undefined ? "" : ` It was ${word}.`;
  return said("unknown", "up", `Its agent answers, but no node's Pacemaker can be read now.${was}`);
}

function strangerOf(name: string, hearing: Hearing): NodeEntity {
  const { shown } = hearing;
  const word = (shown && nodeWords(shown.value).get(name)) ?? "not known";
  const isGone = WORDS.get(word)?.level === "bad";
  const state = shown?.standing.isCurrent
    ? said(isGone ? "bad" : "unknown", word, `Only ${shown.node}'s Pacemaker says so: it has no agent here.`)
    : said("old", `was ${word}`, shown?.standing.why ?? null);
  return {
    kind: "node",
    name,
    role: "member",
    link: "never",
    lastWordAtMs: null,
    linkSinceMs: null,
    state,
    opinions: opinionsOf(name, hearing),
    isDc: shown?.value.dc === name,
    carries: said("unknown", "Not known.", "It has no agent here."),
    host: null,
    drbdVersion: null,
    agentVersion: null,
    bootedAtMs: null,
  };
}

function opinionsOf(name: string, { shown, dissent }: Hearing): NodeEntity["opinions"] {
  const word = shown ? nodeWords(shown.value).get(name) : undefined;
  return dissent.flatMap(({ node, value }) => {
    const says = nodeWords(value).get(name) ?? "not a member";
    return says === word ? [] : [{ node, says }];
  });
}

/** Boot time wanders by the rounding of uptime and of the clocks: up to this much is the same boot. */
const SAME_BOOT_MS = 30_000;

function bootedAt(node: NodeFacts, before: Entity | undefined): number | null {
  const host = node.sources.host?.lastOk;
  if (!host || host.value.uptimeSeconds === null) return null;
  const atMs = host.takenAtMs + node.clockOffsetMs - host.value.uptimeSeconds * 1000;
  const known = before?.kind === "node" ? before.bootedAtMs : null;
  return known !== null && Math.abs(known - atMs) < SAME_BOOT_MS ? known : Math.round(atMs / 1000) * 1000;
}
