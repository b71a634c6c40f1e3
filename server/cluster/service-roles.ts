// SPDX-License-Identifier: Apache-2.0
import type { Said } from "@/agent/protocol/console/view";
import type { Pacemaker, PacemakerFailure, PacemakerResource } from "@/agent/protocol/model/pacemaker";
import { said } from "./said";
import { nodeWords } from "./testimony";
import { asSentence, counted, joinWords } from "./words";

/** What a role word means; Master and Slave are what Promoted and Unpromoted were called before Pacemaker 2.1. */
export function roleIs(role: string): "started" | "promoted" | "unpromoted" | "stopped" | "moving" | "unknown" {
  switch (role) {
    case "Started":
      return "started";
    case "Promoted":
    case "Master":
      return "promoted";
    case "Unpromoted":
    case "Slave":
      return "unpromoted";
    case "Stopped":
      return "stopped";
    case "Starting":
    case "Stopping":
    case "Promoting":
    case "Demoting":
    case "Migrating":
      return "moving";
    default:
      return "unknown";
  }
}

/** A place where a service is, or is only remembered to be. */
export interface Place {
  node: string;
  role: string;
  /** The cluster's memory of a node that is gone. */
  isGone: boolean;
  said: Said;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Every place of a service's instances. A node that is gone runs nothing, whatever role is still printed for it. Of one whose agent
 * fell `silent` the cluster may not know yet that it is gone: for some seconds it goes on calling a dead node well.
 */
export function placesOf(instances: readonly PacemakerResource[], value: Pacemaker, silent = NOBODY): Place[] {
  const words = nodeWords(value);
  return instances.flatMap((instance) =>
    instance.nodes.map((node) => {
      const word = words.get(node);
      // The flag is of the whole instance: it speaks of this node unless the node is said to be there.
      const isGone =
        word === "offline" || word === "unclean" || (instance.onOfflineNode && (word === undefined || instance.nodes.length === 1));
      const own = isGone ? wasOn(node, word) : judgeInstance(instance, value.maintenance);
      return { node, role: instance.role, isGone, said: !isGone && silent.has(node) ? unconfirmed(own, node) : own };
    }),
  );
}

function wasOn(node: string, word: string | undefined): Said {
  const why = word === "unclean" ? `${node} is gone and not yet known to be down` : `${node} is gone`;
  return said("unknown", `was on ${node}`, `${why}: what is printed of it is the cluster's memory.`);
}

/** What was good of it is not known to be so any more; what was bad stays bad. */
function unconfirmed(own: Said, node: string): Said {
  if (own.level !== "ok" && own.level !== "busy" && own.level !== "held") return own;
  return said("old", own.word, `No word from ${node}; the cluster still shows it there.`);
}

function judgeInstance(instance: PacemakerResource, isMaintenance: boolean): Said {
  if (instance.blocked) return said("bad", "blocked", "The cluster will do nothing with it until a person has cleaned up.");
  if (instance.failed) return said("bad", "failed", "Pacemaker marks it failed.");
  const role = roleIs(instance.role);
  if (role === "moving") return said("busy", instance.role.toLowerCase());
  if (role === "unknown") return said("unknown", instance.role || "no role said", "Not a role this console knows.");
  if (role === "stopped") return said("absent", "stopped");
  // In maintenance nothing is managed: that is said once, of the cluster.
  if (!instance.managed && !isMaintenance) return said("held", "unmanaged", "The cluster neither starts nor stops it.");
  if (instance.orphaned) return said("risk", "orphaned", "It runs, but the configuration no longer knows it.");
  return said("ok", role === "started" ? "started" : instance.role);
}

/** The whole service in a word. A clone's empty slot is no fault; a service of its own that runs nowhere is. */
export function judgePrimitive(
  instances: readonly PacemakerResource[],
  places: readonly Place[],
  failures: readonly PacemakerFailure[],
  isCloned: boolean,
  value: Pacemaker,
): Said {
  const failure = failures.at(-1);
  const reason = failure ? asSentence(failureWords(failure)) : null;
  if (instances.some(({ blocked }) => blocked)) return said("bad", "blocked", reason ?? "The cluster waits for a person to clean up.");
  if (instances.some(({ failed }) => failed)) return said("bad", "failed", reason ?? "Pacemaker marks it failed and gives no reason.");
  const here = places.filter(({ isGone }) => !isGone);
  const nodes = [...new Set(here.map(({ node }) => node))];
  const running = here.filter(({ said: own }) => own.level !== "absent");
  if (!isCloned && new Set(running.map(({ node }) => node)).size > 1) {
    const isMigrating = running.some(({ said: own }) => own.level === "busy");
    if (!isMigrating) return said("bad", "running twice", `It is active on ${joinWords(nodes)} at once.`);
  }
  const moving = running.find(({ said: own }) => own.level === "busy");
  if (moving) return said("busy", moving.said.word, `On ${moving.node}.`);
  const odd = running.find(({ said: own }) => own.level === "unknown");
  if (odd) return odd.said;
  const gone = places.find(({ isGone }) => isGone);
  if (running.length === 0 && gone) return gone.said;
  if (running.length === 0) return judgeStopped(instances, reason, isCloned, value);
  const notGood = running.find(({ said: own }) => own.level !== "ok");
  if (notGood) return notGood.said;
  const remembered =
    failures.length > 0
      ? `${counted(failures.length, "failure")} of it ${failures.length === 1 ? "is" : "are"} remembered. ${reason}`
      : null;
  return said("ok", "started", remembered);
}

const atWork = new WeakMap<Pacemaker, boolean>();

/** The cluster is starting, stopping or promoting something: what is stopped just now may be on its way. */
function isAtWork(value: Pacemaker): boolean {
  const known = atWork.get(value);
  if (known !== undefined) return known;
  const moves = ["Starting", "Stopping", "Promoting", "Demoting", "Migrating"];
  const is = value.resources.some(({ role, pending }) => roleIs(role) === "moving" || (pending !== null && moves.includes(pending)));
  atWork.set(value, is);
  return is;
}

function judgeStopped(instances: readonly PacemakerResource[], reason: string | null, isCloned: boolean, value: Pacemaker): Said {
  const pending = instances.find((instance) => instance.pending === "Starting" || instance.pending === "Promoting");
  if (pending) return said("busy", "starting", "Pacemaker has asked for it.");
  const odd = instances.find(({ role }) => !["stopped", "moving"].includes(roleIs(role)));
  if (odd && roleIs(odd.role) === "unknown") return said("unknown", odd.role || "no role said", "Not a role this console knows.");
  if (instances.every(({ targetRole }) => targetRole?.toLowerCase() === "stopped"))
    return said("absent", "stopped", "Stopped by order (target-role).");
  if (value.maintenance) return said("held", "stopped");
  if (instances.some(({ managed }) => !managed)) return said("held", "stopped", "Unmanaged: the cluster will not start it.");
  if (isAtWork(value)) return said("busy", "stopped", "The cluster is still at work.");
  // A fence device may not run on the node it fences: with its other node gone it has no place.
  const isFencing = instances.every(({ agent }) => agent.startsWith("stonith:"));
  if (isFencing && value.nodes.some(({ online }) => !online)) return said("risk", "stopped", "It runs nowhere while a node is gone.");
  return said("bad", "stopped", reason ?? (isCloned ? "No instance of it runs." : "It runs nowhere, and nothing says that it should not."));
}

/** "start of g-fs on node2 failed: not running (exit code 7)". */
export function failureWords(failure: PacemakerFailure): string {
  const code = failure.exitCode === null ? "" : ` (exit code ${failure.exitCode})`;
  const what = failure.exitReason || failure.exitStatus || "no reason given";
  return `${failure.task} of ${failure.resource} on ${failure.node} failed: ${what}${code}`;
}
