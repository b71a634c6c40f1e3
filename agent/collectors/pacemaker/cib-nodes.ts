// SPDX-License-Identifier: Apache-2.0
import type { PacemakerNode } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { pairsIn } from "./cib-resources";
import { child, childrenOf, define, requiredWord, word, writtenTruth } from "./fields";

/** A node of the CIB with its part of the status section; `state` is null when there is none. */
export interface CibNode {
  node: PacemakerNode;
  state: XmlElement | null;
  /** Runs pacemaker-remote: it is there when its connection resource runs. */
  isRemote: boolean;
  /** Failure counts and the like, which are attributes but not the operator's. */
  counters: ReadonlyMap<string, string>;
}

/**
 * The nodes of a CIB: those configured, then those which only the status section knows (remote and guest nodes).
 * Source: nodes-1.0.rng to nodes-3.9.rng; determine_online_status in lib/pengine/unpack.c (Pacemaker 2.1).
 */
export function readNodes(configuration: XmlElement | null, status: XmlElement | null, dcUuid: string | null, fencing: boolean): CibNode[] {
  const states = new Set(childrenOf(status, "node_state"));
  const configured = childrenOf(configuration === null ? null : child(configuration, "nodes"), "node");
  const nodes = configured.map((element) => {
    const id = requiredWord(element, "id");
    const name = requiredWord(element, "uname");
    const state =
      [...states].find((candidate) => (word(candidate, "id") ?? id) === id && (word(candidate, "uname") ?? name) === name) ?? null;
    if (state !== null) states.delete(state);
    return readNode(id, name, element, state, dcUuid, fencing);
  });
  for (const state of states) {
    const id = word(state, "id") ?? requiredWord(state, "uname");
    nodes.push(readNode(id, word(state, "uname") ?? id, null, state, dcUuid, fencing));
  }
  return nodes;
}

function readNode(
  id: string,
  name: string,
  element: XmlElement | null,
  state: XmlElement | null,
  dcUuid: string | null,
  fencing: boolean,
): CibNode {
  const permanent = pairsIn(childrenOf(element, "instance_attributes"));
  const transient = pairsIn(childrenOf(state === null ? null : child(state, "transient_attributes"), "instance_attributes"));
  const truth = (key: string) => writtenTruth(transient.get(key) ?? null) ?? writtenTruth(permanent.get(key) ?? null) ?? false;
  const shutdown = !["0", ""].includes(transient.get("shutdown") ?? "0");
  const isRemote = word(state, "remote_node") === "true" || word(element, "type") === "remote";
  const member = isRemote ? { online: false, pending: false, unclean: false } : membership(state, shutdown, fencing);
  const attributes: Record<string, string> = {};
  const counters = new Map<string, string>();
  for (const [key, value] of [...permanent, ...transient]) {
    if (/^(fail-count-|last-failure-)/.test(key)) counters.set(key, value);
    else if (!isHidden(key)) define(attributes, key, value);
  }
  return {
    node: {
      name,
      id,
      ...member,
      // A member that has not joined runs nothing: crm_mon prints it as standby too.
      standby: truth("standby") || member.pending,
      maintenance: truth("maintenance"),
      shutdown,
      isDc: dcUuid !== null && dcUuid === id && member.online,
      featureSet: transient.get("#feature-set") ?? null,
      attributes,
    },
    state,
    isRemote,
    counters,
  };
}

/** Attributes that are said in fields of their own, or are Pacemaker's own bookkeeping; crm_mon does not list them either. */
function isHidden(name: string): boolean {
  return name.startsWith("#") || name === "standby" || name === "shutdown" || name === "terminate";
}

/**
 * `in_ccm` and `crmd` are words up to Pacemaker 2.1.6 ("true", "online") and times since (0 = not there).
 * `join` is "member" once the controller has taken the node in.
 */
function membership(
  state: XmlElement | null,
  shutdown: boolean,
  fencing: boolean,
): { online: boolean; pending: boolean; unclean: boolean } {
  if (state === null) return { online: false, pending: false, unclean: false };
  const inCluster = isThere(word(state, "in_ccm") ?? word(state, "ha"), "true");
  const crmd = isThere(word(state, "crmd"), "online");
  const joined = word(state, "join") === "member";
  const expected = word(state, "expected") ?? (joined ? "member" : "down");
  const online = inCluster && crmd && joined;
  // Corosync sees it, its controller is not (yet) part of the cluster.
  const pending = !shutdown && inCluster && !online && (expected === "down" || crmd);
  return { online: online || pending, pending, unclean: fencing && !shutdown && !online && !pending && expected === "member" };
}

function isThere(value: string | null, wordForThere: string): boolean {
  if (value === null) return false;
  if (value === wordForThere) return true;
  return /^[0-9]{1,15}$/.test(value) && Number.parseInt(value, 10) > 0;
}
