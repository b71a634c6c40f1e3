// SPDX-License-Identifier: Apache-2.0
import type { NewRecording, Recorded, RecordedNode } from "@/agent/protocol/console/recorded";
import type { Entity, Freshness, View } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { type Reading, SourceName } from "@/agent/protocol/sources";
import type { ClusterFacts, NodeFacts, SourceFacts } from "./facts";

/** The label in the place of an environment: nobody shall take a recording for one of their clusters. */
const LABEL = "RECORDED";
const KERNEL_LINES = 12;

/** A recording as facts: every node heard, and every source read, at the one moment that it shows. */
export function recordedFacts(
  slug: string,
  { title, nodes }: Pick<NewRecording, "title" | "nodes">,
  recorded: Recorded,
): ClusterFacts & { recorded: Recorded } {
  return {
    slug,
    title,
    environment: LABEL,
    recorded,
    nodes: new Map([...nodes, ...namedIn(nodes)].map((node) => [node.node, nodeFacts(slug, node, recorded.atMs)])),
  };
}

/**
 * The members that a recorded Pacemaker names and whose own words are not in the recording: nobody will ever enrol them, and the
 * cluster's word of them is what there is. Without this a lone CIB would show one node and strangers.
 */
function namedIn(nodes: readonly RecordedNode[]): RecordedNode[] {
  const known = new Set(nodes.map(({ node }) => node));
  const named = nodes.flatMap(({ readings: { pacemaker } }) => (pacemaker?.status === "ok" ? pacemaker.value.nodes : []));
  const names = new Set(named.flatMap(({ name }) => (known.has(name) || !NodeName.safeParse(name).success ? [] : [name])));
  return [...names].map((node) => ({ node, role: "member", readings: {} }));
}

function nodeFacts(slug: string, { node, role, readings }: RecordedNode, atMs: number): NodeFacts {
  let sources: NodeFacts["sources"] = {};
  for (const name of SourceName.options) {
    const reading = readings[name];
    if (reading) sources = { ...sources, [name]: sourceFacts(reading, atMs) };
  }
  const log = readings.kernelLog;
  return {
    agentId: `recorded:${slug}/${node}`,
    node,
    role,
    agentVersion: null,
    isRecorded: true,
    connected: true,
    lastWordAtMs: atMs,
    connectedChangedAtMs: null,
    clockOffsetMs: 0,
    sources,
    // What the recording does not hold is no gap in what it tells.
    reads: Object.keys(sources),
    kernelLines: log?.status === "ok" ? log.value.lines.slice(-KERNEL_LINES).reverse() : [],
  };
}

function sourceFacts<N extends SourceName>(read: Reading<N>, atMs: number): SourceFacts<N> {
  const reading = { ...read, takenAtMs: atMs };
  const isOk = reading.status === "ok";
  return { reading, lastOk: isOk ? reading : null, takenAtMs: atMs, okAtMs: isOk ? atMs : null, everyMs: 0 };
}

/** The view of a recording, judged as of its moment: what was fresh then is marked as recorded, and nothing as live. */
export function asRecorded(view: View): View {
  return new Map([...view].map(([key, entity]) => [key, marked(entity)]));
}

function marked(entity: Entity): Entity {
  switch (entity.kind) {
    case "node":
      return { ...entity, link: recordedOr(entity.link), linkSinceMs: null };
    case "source":
      return { ...entity, freshness: recordedOr(entity.freshness) };
    case "cluster":
      return { ...entity, sinceMs: null };
    default:
      return entity;
  }
}

function recordedOr(freshness: Freshness): Freshness {
  return freshness === "live" ? "recorded" : freshness;
}
